package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.feed.Chunk;
import io.datamirror.feed.Feed.Observed;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.feed.Resume;
import io.datamirror.feed.Window;
import io.datamirror.source.TableState.Current;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class SerializersTest {

  private static final WindowFrame FRAME =
      new WindowFrame("a", 3, new Window(new Position("7"), new Position("9"), 5), "9", 4, 2);
  private static final Reading READING =
      new Reading(Reading.Step.BEGUN, new Resume("8", new long[] {1, -1}), 6, 11);
  private static final ChunkSplit CHUNK =
      new ChunkSplit(FRAME, 1, 2, new Chunk(Chunk.Part.CHANGES, "7", "9"), READING);
  private static final ChunkSplit MARK = new ChunkSplit(FRAME, 0, 1, null, Reading.NONE);
  private static final RecallSplit RECALL =
      new RecallSplit("a", 4, new byte[] {1, 2}, Reading.NONE);
  private static final TableState TABLE =
      new TableState(
          "a",
          new Identity("first"),
          Phase.CHANGES,
          new Position("9"),
          true,
          4,
          Long.MIN_VALUE,
          new Observed(new Position("12"), 13, 15),
          14,
          new Current(3, 2, 5, 6),
          List.of(CHUNK, MARK, RECALL),
          List.of(new Ticket("a/3/0", "a", Ticket.Kind.CHANGES, 2)));

  private final MirrorSplitSerializer splits = MirrorSplitSerializer.INSTANCE;
  private final MirrorEnumeratorStateSerializer states = MirrorEnumeratorStateSerializer.INSTANCE;

  @Test
  void splits_come_back_as_they_were() throws IOException {
    SweepSplit sweep =
        new SweepSplit(CHUNK.frame(), 2, 3, List.of(new byte[] {1, 2}, new byte[0]), Reading.NONE);
    WindowFrame revised =
        new WindowFrame(
            "a", 3, FRAME.bounds(), "9", 4, 2, new FeedRevision(8, 5, new byte[] {1, 2, 3}));
    ChunkSplit read = new ChunkSplit(revised, 1, 2, CHUNK.chunk(), READING);
    for (MirrorSplit split : List.of(CHUNK, MARK, RECALL, sweep, read)) {
      assertThat(splits.deserialize(splits.getVersion(), splits.serialize(split)))
          .usingRecursiveComparison()
          .isEqualTo(split);
    }
  }

  @Test
  void a_split_that_is_given_back_goes_on_where_it_was() {
    Finished returned = Finished.of(CHUNK.at(READING.returned()));

    assertThat(returned.returnedSplit().orElseThrow()).usingRecursiveComparison().isEqualTo(CHUNK);
    assertThat(Finished.of(CHUNK).returnedSplit()).isEmpty();
    assertThat(Reading.NONE.returned().again()).isEqualTo(Reading.NONE);
  }

  @Test
  void states_come_back_as_they_were() throws IOException {
    MirrorEnumeratorState state =
        new MirrorEnumeratorState(8, List.of(TABLE, TableState.fresh("é", Identity.UNKNOWN)));

    assertThat(states.deserialize(states.getVersion(), states.serialize(state)))
        .usingRecursiveComparison()
        .isEqualTo(state);
  }

  /** Bytes of version 1 as savepoints of users hold them: they must be readable for ever. */
  @Test
  void version_1_of_a_split_stays_readable() throws IOException {
    String golden =
        "00000001"
            + "01"
            + "0000008f"
            + "00000034"
            + "0000000161"
            + "0000000000000003"
            + "0000000137"
            + "0000000139"
            + "0000000000000005"
            + "0000000139"
            + "0000000000000004"
            + "0000000000000002"
            + "00000001"
            + "00000002"
            + "00000015"
            + "000000074348414e474553"
            + "0000000137"
            + "0000000139"
            + "00000032"
            + "00000005424547554e"
            + "0000000138"
            + "00000002"
            + "0000000000000001"
            + "ffffffffffffffff"
            + "0000000000000006"
            + "000000000000000b";

    assertThat(HexFormat.of().formatHex(splits.serialize(CHUNK))).isEqualTo(golden);
    assertThat(splits.deserialize(1, HexFormat.of().parseHex(golden)))
        .usingRecursiveComparison()
        .isEqualTo(CHUNK);
  }

  private static final MirrorEnumeratorState WITH_ONE_SPLIT = withOneSplit(null);

  private static MirrorEnumeratorState withOneSplit(Observed target) {
    return new MirrorEnumeratorState(
        8,
        List.of(
            new TableState(
                "a",
                new Identity("first"),
                Phase.CHANGES,
                new Position("9"),
                true,
                4,
                Long.MIN_VALUE,
                target,
                14,
                null,
                List.of(CHUNK),
                TABLE.outstanding())));
  }

  private static final String TABLE_BEFORE_ITS_SPLITS = tableBeforeItsSplits("ffffffff");

  private static String tableBeforeItsSplits(String target) {
    return "0000000161"
        + "000000056669727374"
        + "000000074348414e474553"
        + "00000005"
        + "0000000139"
        + "01"
        + "0000000000000004"
        + "8000000000000000"
        + target
        + "000000000000000e"
        + "ffffffff";
  }

  private static final String FRAME_BLOCK =
      "00000034"
          + "0000000161"
          + "0000000000000003"
          + "0000000137"
          + "0000000139"
          + "0000000000000005"
          + "0000000139"
          + "0000000000000004"
          + "0000000000000002";
  private static final String CHUNK_AFTER_ITS_FRAME =
      "00000001"
          + "00000002"
          + "00000015"
          + "000000074348414e474553"
          + "0000000137"
          + "0000000139"
          + "00000032"
          + "00000005424547554e"
          + "0000000138"
          + "00000002"
          + "0000000000000001"
          + "ffffffffffffffff"
          + "0000000000000006"
          + "000000000000000b";
  private static final String OUTSTANDING =
      "00000001"
          + "00000021"
          + "00000005612f332f30"
          + "0000000161"
          + "000000074348414e474553"
          + "0000000000000002";

  @Test
  void version_1_of_the_enumerators_state_stays_readable() throws IOException {
    String golden =
        "00000001"
            + "0000000000000008"
            + "00000001"
            + "00000108"
            + TABLE_BEFORE_ITS_SPLITS
            + "00000001"
            + "00000094"
            + "01"
            + "0000008f"
            + FRAME_BLOCK
            + CHUNK_AFTER_ITS_FRAME
            + OUTSTANDING;

    assertThat(states.deserialize(1, HexFormat.of().parseHex(golden)))
        .usingRecursiveComparison()
        .isEqualTo(WITH_ONE_SPLIT);
  }

  @Test
  void version_2_of_the_enumerators_state_stays_readable() throws IOException {
    String golden = stateWith("00000110", TABLE_BEFORE_ITS_SPLITS);

    assertThat(HexFormat.of().formatHex(states.serialize(WITH_ONE_SPLIT))).isEqualTo(golden);
    assertThat(states.deserialize(2, HexFormat.of().parseHex(golden)))
        .usingRecursiveComparison()
        .isEqualTo(WITH_ONE_SPLIT);
  }

  @Test
  void a_target_of_an_earlier_release_was_seen_when_the_clock_was_asked() throws IOException {
    String target = "00000002" + "3132" + "000000000000000d";
    String known = stateWith("0000011e", tableBeforeItsSplits("0000000e" + target));
    MirrorEnumeratorState state = withOneSplit(new Observed(new Position("12"), 13, 13));

    assertThat(states.deserialize(2, HexFormat.of().parseHex(known)))
        .usingRecursiveComparison()
        .isEqualTo(state);
    assertThat(HexFormat.of().formatHex(states.serialize(state)))
        .as("written with what an earlier release skips")
        .isEqualTo(
            stateWith("00000126", tableBeforeItsSplits("00000016" + target + "000000000000000d")));
  }

  private static String stateWith(String tableLength, String tableBeforeItsSplits) {
    return "00000002"
        + "0000000000000008"
        + "00000001"
        + tableLength
        + tableBeforeItsSplits
        + "00000001"
        + FRAME_BLOCK
        + "00000001"
        + "00000060"
        + "01"
        + "0000005b"
        + "00000000"
        + CHUNK_AFTER_ITS_FRAME
        + OUTSTANDING;
  }

  @Test
  void a_state_holds_a_window_once_however_many_splits_it_has() throws IOException {
    int files = 5_000;
    Position position = new Position(files + ":" + "twelve-marks,".repeat(files));
    Window window = new Window(Position.BEGINNING, position, 5);
    WindowFrame frame = new WindowFrame("a", 3, window, position.text(), 4, 2);
    List<MirrorSplit> pending =
        IntStream.range(0, files)
            .<MirrorSplit>mapToObj(
                index -> new ChunkSplit(frame, index, files, CHUNK.chunk(), Reading.NONE))
            .toList();
    TableState table =
        new TableState(
            "a",
            TABLE.identity(),
            Phase.CHANGES,
            position,
            true,
            4,
            Long.MIN_VALUE,
            null,
            14,
            new Current(3, files, 5, 6),
            pending,
            List.of());

    byte[] written = states.serialize(new MirrorEnumeratorState(8, List.of(table)));

    assertThat(written).hasSizeLessThan(5_000_000);
    List<MirrorSplit> read =
        states.deserialize(states.getVersion(), written).tables().get(0).pending();
    WindowFrame shared = ((ChunkSplit) read.get(0)).frame();
    assertThat(shared).isEqualTo(frame);
    assertThat(read)
        .hasSize(files)
        .allSatisfy(split -> assertThat(((ChunkSplit) split).frame()).isSameAs(shared));
  }

  @Test
  void the_law_of_a_query_is_kept_and_a_mirror_has_none() throws IOException {
    MirrorEnumeratorState mirror = new MirrorEnumeratorState(8, List.of(TABLE));
    MirrorEnumeratorState query =
        new MirrorEnumeratorState(8, List.of(TABLE), Map.of("a", "by its version"));

    assertThat(states.deserialize(2, states.serialize(mirror)).laws()).isEmpty();
    assertThat(states.deserialize(2, states.serialize(query)))
        .usingRecursiveComparison()
        .isEqualTo(query);
  }

  @Test
  void windows_of_one_table_are_told_apart() throws IOException {
    WindowFrame other =
        new WindowFrame("a", 4, new Window(new Position("9"), new Position("11"), 6), "", 4, 2);
    SweepSplit sweep = new SweepSplit(other, 1, 2, List.of(new byte[] {1}), Reading.NONE);
    TableState table =
        new TableState(
            "a",
            TABLE.identity(),
            Phase.CHANGES,
            new Position("11"),
            true,
            5,
            Long.MIN_VALUE,
            null,
            14,
            null,
            List.of(CHUNK, sweep, MARK, new ChunkSplit(other, 0, 2, null, READING)),
            List.of());
    MirrorEnumeratorState state = new MirrorEnumeratorState(8, List.of(table, TABLE));

    assertThat(states.deserialize(states.getVersion(), states.serialize(state)))
        .usingRecursiveComparison()
        .isEqualTo(state);
  }

  @Test
  void a_newer_version_is_refused_by_name() throws IOException {
    byte[] newer = splits.serialize(MARK);
    newer[3] = 2;

    assertThatThrownBy(() -> splits.deserialize(2, newer))
        .isInstanceOf(IOException.class)
        .hasMessage("state of the source has version 2; this release reads versions 1 to 1");
  }

  @Test
  void fields_that_a_later_release_appends_are_skipped() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    Wire.writeList(
        List.of("one", "two"),
        (text, block) -> {
          Wire.writeText(text, block);
          block.writeLong(42);
        },
        out);

    var in = new org.apache.flink.core.memory.DataInputDeserializer(out.getCopyOfBuffer());
    assertThat(Wire.readList(Wire::readText, in)).containsExactly("one", "two");
  }

  @Test
  void bytes_that_are_cut_off_are_an_error() throws IOException {
    byte[] whole = splits.serialize(CHUNK);
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 3);

    assertThatThrownBy(() -> splits.deserialize(1, cut))
        .isInstanceOf(IOException.class)
        .hasMessage("state of the source is cut off");
  }
}
