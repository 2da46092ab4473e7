package io.datamirror.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.change.KeyId;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.resolve.Memory;
import io.datamirror.resolve.MemoryPage;
import io.datamirror.resolve.MemoryPages;
import java.io.IOException;
import java.util.HexFormat;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class SerializersTest {

  private static final HexFormat HEX = HexFormat.of();

  @Test
  void key_identities_keep_their_layout() throws IOException {
    KeyId key = new KeyId(0x01020304, 0x1112131415161718L, 0x2122232425262728L);
    assertThat(HEX.formatHex(bytes(KeyIdSerializer.INSTANCE, key)))
        .isEqualTo("0102030411121314151617182122232425262728");
    assertThat(back(KeyIdSerializer.INSTANCE, key)).isEqualTo(key);
  }

  @Test
  void memories_keep_their_layout() throws IOException {
    Memory present = Memory.present(new byte[] {1, 2, 3}, new byte[] {9}, 5);
    assertThat(HEX.formatHex(bytes(MemorySerializer.INSTANCE, present)))
        .isEqualTo("010700000000000000050003010203000109");
    Memory tombstone = Memory.tombstone(new byte[] {4}, Long.MIN_VALUE);
    assertThat(HEX.formatHex(bytes(MemorySerializer.INSTANCE, tombstone))).isEqualTo("0100000104");
    assertThat(back(MemorySerializer.INSTANCE, present)).isEqualTo(present);
    assertThat(back(MemorySerializer.INSTANCE, tombstone)).isEqualTo(tombstone);
  }

  @Test
  void a_memory_with_a_very_long_rank_comes_back() throws IOException {
    for (int length : new int[] {32_767, 32_768, 70_000}) {
      byte[] rank = new byte[length];
      rank[length - 1] = 7;
      Memory memory = Memory.present(rank, Memory.NO_PARTITION, 1);
      assertThat(back(MemorySerializer.INSTANCE, memory)).isEqualTo(memory);
    }
  }

  @Test
  void a_page_of_memories_keeps_its_layout() throws IOException {
    MemoryPages table = new MemoryPages();
    table.remember(new KeyId(1, 2, 3), Memory.tombstone(new byte[] {4}, Long.MIN_VALUE));
    MemoryPage page = table.drain().written().get(0);
    String hex =
        "0000001e01" + "00000005" + "0000000100000000000000020000000000000003" + "0100000104";
    assertThat(HEX.formatHex(bytes(MemoryPageSerializer.INSTANCE, page))).isEqualTo(hex);
    MemoryPage back = back(MemoryPageSerializer.INSTANCE, page);
    assertThat(HEX.formatHex(bytes(MemoryPageSerializer.INSTANCE, back))).isEqualTo(hex);
  }

  @Test
  void state_of_a_later_layout_is_refused_by_name() {
    DataInputDeserializer later = new DataInputDeserializer(new byte[] {2, 0, 0, 0});
    assertThatThrownBy(() -> MemorySerializer.INSTANCE.deserialize(later))
        .isInstanceOf(IOException.class)
        .hasMessage("state of layout 2 was written by a later release; this one reads 1");
  }

  @Test
  void every_kind_of_record_comes_back() throws IOException {
    LedgerEntry entry =
        new LedgerEntry(
            "t", LedgerReason.BAD_VALUE, "{\"id\":1}", "2", null, 3L, "{\"id\":1}", "too long");
    LedgerEntry bare =
        new LedgerEntry("t", LedgerReason.NULL_KEY, null, null, null, null, "{}", "no key");
    MirrorRecord[] records = {
      TestRecords.upsert(1, 2, 3, 4, 5),
      TestRecords.delete(1, 2, Long.MIN_VALUE),
      new MirrorRecord.Recall(TestRecords.key(1), Memory.tombstone(new byte[] {1}, 2)),
      new MirrorRecord.Reject(TestRecords.key(1), entry),
      new MirrorRecord.Reject(TestRecords.key(1), bare),
      new MirrorRecord.Progress(1, MirrorRecord.Progress.Step.DONE, 2, 3, 4, "5:6", 7)
    };
    for (MirrorRecord record : records) {
      MirrorRecord back = back(MirrorRecordSerializer.INSTANCE, record);
      assertThat(back).usingRecursiveComparison().isEqualTo(record);
      assertThat(bytes(MirrorRecordSerializer.INSTANCE, back))
          .isEqualTo(bytes(MirrorRecordSerializer.INSTANCE, record));
    }
  }

  private static <T> byte[] bytes(TypeSerializer<T> serializer, T value) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(value, out);
    return out.getCopyOfBuffer();
  }

  private static <T> T back(TypeSerializer<T> serializer, T value) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(bytes(serializer, value));
    T back = serializer.deserialize(in);
    assertThat(in.available()).isZero();
    return back;
  }
}
