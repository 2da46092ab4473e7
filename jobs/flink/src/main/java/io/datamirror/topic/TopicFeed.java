package io.datamirror.topic;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.error.AllProblems;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.ChunkReader;
import io.datamirror.feed.Feed;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.feed.RecordTable;
import io.datamirror.feed.Resume;
import io.datamirror.feed.Window;
import io.datamirror.spec.RecordFormat;
import io.datamirror.spec.RecordSpec;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.TableSpec;
import io.datamirror.spec.TopicName;
import io.datamirror.topic.TopicOffsets.Described;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/**
 * A topic of changes, or several, as the source of one table.
 *
 * <p>A window is what stands between two sets of offsets, one offset for each partition. Its end is
 * where the open transactions begin, so that what is in it is decided and the same at every replay;
 * its beginning is a position, so that a snapshot of the lake is the fold of exactly the records
 * before its offsets.
 *
 * <p>A base table may be read before. The offsets to go on from are fixed first. As the offset is
 * the version where none is declared, and the order where one is, a row of it stands below every
 * record: a change that is read again, and is older than the row, shows until what the row came
 * from is read too. So no snapshot of the lake has a position before the ends are reached that the
 * topics had after the base table was read.
 *
 * @param source the topic, or a pattern of topics between slashes
 * @param table what the records look like
 * @param format how they are written
 * @param offsetsRank whether the offset is the version
 * @param base what is read before the records; null when there is nothing
 */
record TopicFeed(
    String source, RecordTable table, RecordFormat format, boolean offsetsRank, TopicBase base)
    implements Feed {

  private static final Duration DATABASE_KEPT = Duration.ofMinutes(1);

  /** The columns that say where a record stands. */
  static final Map<String, ColumnType> PLACES = new LinkedHashMap<>();

  static {
    PLACES.put(RecordSpec.OFFSET, ColumnType.of(Kind.LONG));
    PLACES.put(RecordSpec.RECORD_TIME, ColumnType.of(Kind.TIMESTAMP_WITH_ZONE));
  }

  static TopicFeed resolve(
      Connection connection, SourceSpec source, TableSpec spec, List<String> order)
      throws SQLException {
    TopicClient client = TopicClient.of(connection);
    RecordFormat format = spec.records().format();
    // Each is asked, whatever is wrong with the others.
    AllProblems problems = new AllProblems();
    Optional<RecordTable> table = problems.of(() -> RecordTable.resolve(spec, PLACES, order));
    problems.of(() -> existing(client, spec));
    Optional<TopicBase> base =
        spec.snapshot() == null
            ? Optional.empty()
            : problems
                .of(() -> TopicBase.resolve(client, source.snapshot(), spec, table))
                .flatMap(Function.identity());
    if (format.needsRegistry()) {
      problems.of(
          () -> {
            client.registry().check();
            return format;
          });
    }
    problems.throwIfAny("table " + spec.name());
    return new TopicFeed(
        spec.source(), table.orElseThrow(), format, spec.version().isEmpty(), base.orElse(null));
  }

  private static Map<String, Described> existing(TopicClient client, TableSpec spec)
      throws SQLException {
    Map<String, Described> topics = client.topics(TopicName.pattern(spec.source()));
    if (topics.isEmpty()) {
      Problem missing =
          new Problem(
              ErrorCode.SOURCE_TABLE_MISSING,
              spec.name(),
              spec.line(),
              "Kafka has no topic " + spec.source() + " that this user may see",
              "Create it, or mend its name in the spec.");
      throw new ProblemsException("table " + spec.name(), List.of(missing));
    }
    return topics;
  }

  private Pattern pattern() {
    return TopicName.pattern(source);
  }

  @Override
  public ChangeLayout layout() {
    return table.layout();
  }

  /** Topics are told from their namesakes by their ids, which positions hold. */
  @Override
  public Identity identity(Connection connection) {
    return Identity.UNKNOWN;
  }

  @Override
  public Position head(Connection connection, Position last) throws SQLException {
    return head(TopicOffsets.of(connection), last, Belief.USUAL);
  }

  Position head(TopicOffsets kafka, Position last, Belief belief) throws SQLException {
    TopicPosition before = TopicPosition.of(last, layout().table());
    Map<String, Described> topics = topics(kafka, before, belief);
    checkTopics(before, topics);
    List<TopicPartition> partitions = partitions(topics);
    Map<TopicPartition, Long> ends =
        belief.asked(() -> kafka.ends(partitions), told -> shrunk(told, before));
    if (!last.beginning()) {
      checkOffsets(before, kafka.starts(partitions), ends);
    }
    Map<String, TopicPosition.Topic> found = new HashMap<>();
    topics.forEach(
        (name, topic) -> {
          Map<Integer, Long> offsets = new TreeMap<>();
          topic
              .partitions()
              .forEach(
                  partition ->
                      offsets.put(partition, ends.get(new TopicPartition(name, partition))));
          found.put(name, new TopicPosition.Topic(id(name, topic, before), offsets));
        });
    return new TopicPosition(found).position();
  }

  /** The topics; those that were there before are asked for again until they are believed gone. */
  private Map<String, Described> topics(TopicOffsets kafka, TopicPosition before, Belief belief)
      throws SQLException {
    return belief.asked(
        () -> kafka.topics(pattern()),
        told -> !told.keySet().containsAll(before.topics().keySet()));
  }

  private static String id(String name, Described now, TopicPosition before) {
    TopicPosition.Topic known = before.topics().get(name);
    return known == null ? now.id() : TopicIds.latest(now.id(), known.id());
  }

  private static boolean shrunk(Map<TopicPartition, Long> ends, TopicPosition before) {
    return ends.entrySet().stream().anyMatch(end -> end.getValue() < before.offset(end.getKey()));
  }

  private static List<TopicPartition> partitions(Map<String, Described> topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    topics.forEach(
        (name, topic) ->
            topic
                .partitions()
                .forEach(partition -> partitions.add(new TopicPartition(name, partition))));
    return partitions;
  }

  private void checkTopics(TopicPosition before, Map<String, Described> topics) {
    before
        .topics()
        .forEach(
            (name, topic) -> {
              Described now = topics.get(name);
              if (now == null) {
                throw historyLost("the topic " + name + " is no longer there");
              }
              if (!TopicIds.sameTopic(now.id(), topic.id())) {
                throw offsetsLost("the topic " + name + " was deleted and created again");
              }
              if (offsetsRank && now.partitions().size() != topic.offsets().size()) {
                throw new MirrorException(
                    ErrorCode.TOPIC_REPARTITIONED,
                    layout().table(),
                    "the topic "
                        + name
                        + " has other partitions than before, so that its offsets no longer say"
                        + " which change of a row is newer",
                    "Add version: with the columns that say which record is newer, and mirror the"
                        + " topic under another name; without such columns, mirror a new topic that"
                        + " is written anew into a new table.");
              }
            });
  }

  private void checkOffsets(
      TopicPosition before, Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {
    ends.forEach(
        (partition, end) -> {
          // A partition that is new since then begins at its first record.
          long known = Math.max(0, before.offset(partition));
          if (end < known) {
            throw offsetsLost(partition + " ends at " + end + ", before the position " + known);
          }
          if (starts.get(partition) > known) {
            throw historyLost(
                partition
                    + " begins at "
                    + starts.get(partition)
                    + ", after the position "
                    + known);
          }
        });
  }

  /**
   * Offsets begin anew, below those that the lake has: where they rank, a base table that is read
   * anew would not help.
   */
  private MirrorException offsetsLost(String sentence) {
    if (base == null || !offsetsCount()) {
      return historyLost(sentence);
    }
    return new MirrorException(
        ErrorCode.SOURCE_TABLE_RECREATED,
        layout().table(),
        sentence + ": its offsets no longer say which change of a row is newer",
        "Mirror it into a new table, which begins with the base table.");
  }

  /** Whether the offset is the version or the order of a change. */
  private boolean offsetsCount() {
    int order = layout().order();
    return offsetsRank
        || order >= 0 && layout().columns().get(order).source().equals(RecordSpec.OFFSET);
  }

  private MirrorException historyLost(String sentence) {
    return new MirrorException(
        ErrorCode.HISTORY_LOST,
        layout().table(),
        sentence + ": records that were not read are lost",
        "Let topics keep records for longer; mirror this one into a new table from what it has.");
  }

  @Override
  public Optional<Window> nextWindow(
      Connection connection, Position last, Observed seen, long settleMillis) {
    return compare(seen.head(), last) > 0
        ? Optional.of(new Window(last, seen.head(), seen.clockMillis()))
        : Optional.empty();
  }

  @Override
  public List<Chunk> chunks(Connection connection, Window window, long rows) throws SQLException {
    TopicPosition from = TopicPosition.of(window.from(), layout().table());
    TopicPosition to = TopicPosition.of(window.to(), layout().table());
    Map<TopicPartition, Long> unknown = starts(connection, from, to);
    List<Chunk> chunks = new ArrayList<>();
    to.offsets()
        .forEach(
            (partition, end) -> {
              long start = unknown.getOrDefault(partition, from.offset(partition));
              for (long at = start; at < end; at += rows) {
                chunks.add(
                    new TopicRange(
                            partition.topic(), partition.partition(), at, Math.min(end, at + rows))
                        .chunk());
              }
            });
    return chunks;
  }

  /** Where partitions begin that {@code from} does not know. */
  private static Map<TopicPartition, Long> starts(
      Connection connection, TopicPosition from, TopicPosition to) throws SQLException {
    List<TopicPartition> unknown =
        to.offsets().keySet().stream().filter(partition -> from.offset(partition) < 0).toList();
    return unknown.isEmpty() ? Map.of() : TopicClient.of(connection).starts(unknown);
  }

  @Override
  public Snapshot snapshot() {
    return base == null ? Snapshot.NONE : Snapshot.MOVING;
  }

  @Override
  public Feed comparable() {
    return base == null
        ? this
        : new TopicFeed(
            source,
            table.withoutStoring(PLACES.keySet()),
            format,
            offsetsRank,
            base.withoutStoring(PLACES.keySet()));
  }

  /** Offsets rank above every row of the base table, also above those of a later reading. */
  @Override
  public boolean resumesExactly() {
    return base != null;
  }

  @Override
  public Optional<Window> snapshotStart(Connection connection, Observed seen, long settleMillis)
      throws SQLException {
    TopicPosition head = TopicPosition.of(seen.head(), layout().table());
    Position start = base.start(TopicClient.of(connection), head, seen.clockMillis()).position();
    return Optional.of(new Window(Position.BEGINNING, start, seen.clockMillis()));
  }

  @Override
  public List<Chunk> snapshotChunks(Connection connection, Position at, long rows)
      throws SQLException {
    return base == null ? List.of() : base.chunks(TopicClient.of(connection), rows);
  }

  @Override
  public void requireWhole(Connection connection, Position to) throws SQLException {
    TopicClient client = TopicClient.of(connection);
    TopicPosition before = TopicPosition.of(to, layout().table());
    Map<String, Described> topics = topics(client, before, Belief.USUAL);
    checkTopics(before, topics);
    for (Map.Entry<TopicPartition, Long> start : client.starts(partitions(topics)).entrySet()) {
      if (start.getValue() > 0) {
        throw new MirrorException(
            ErrorCode.HISTORY_NOT_KEPT,
            layout().table(),
            start.getKey()
                + " begins at "
                + start.getValue()
                + ": what stood before is gone, so that nothing can be compared with it",
            "Compare it with what writes to the topic, or keep the topic's records for longer.");
      }
    }
  }

  /** A topic that is compacted keeps of each key the last record only. */
  @Override
  public boolean forgetsEarlier() {
    return true;
  }

  /** Partitions are written independently: one may be days behind another. */
  @Override
  public boolean laned() {
    return true;
  }

  @Override
  public Optional<String> lane(Chunk chunk) {
    return switch (chunk.part()) {
      case SNAPSHOT -> Optional.empty();
      case CHANGES -> {
        TopicRange range = TopicRange.of(chunk);
        yield Optional.of(range.topic() + "/" + range.partition());
      }
    };
  }

  @Override
  public ChunkReader open(Connection connection, Chunk chunk, Resume resume, int fetchSize)
      throws SQLException {
    TopicClient client = TopicClient.of(connection);
    return switch (chunk.part()) {
      case SNAPSHOT -> known().open(client, chunk, resume, fetchSize);
      case CHANGES -> {
        client.database().dropUnused(DATABASE_KEPT);
        yield new TopicReader(this, client, TopicRange.of(chunk), resume);
      }
    };
  }

  /** The base table, which a state may be in the middle of when the spec has none any more. */
  private TopicBase known() {
    if (base == null) {
      throw new MirrorException(
          ErrorCode.SNAPSHOT_IMPOSSIBLE,
          layout().table(),
          "its base table was read in part, and the spec names none any more",
          "Write snapshot: again until it is read, or mirror the topic into a new table.");
    }
    return base;
  }

  /** Kafka has no clock that can be asked: it is the mirror's own. */
  @Override
  public long clockMillis(Connection connection) {
    return System.currentTimeMillis();
  }

  @Override
  public void probe(Connection connection) throws SQLException {
    TopicClient client = TopicClient.of(connection);
    List<String> forbidden = client.forbidden(pattern());
    if (!forbidden.isEmpty()) {
      throw new MirrorException(
          ErrorCode.MISSING_PRIVILEGE,
          layout().table(),
          "Kafka does not allow this user to read " + String.join(", ", forbidden),
          "Allow READ and DESCRIBE on the topic.");
    }
    if (base != null) {
      base.probe(client, layout().table());
    }
  }

  @Override
  public int compare(Position left, Position right) {
    if (left.beginning() || right.beginning()) {
      return Boolean.compare(!left.beginning(), !right.beginning());
    }
    return TopicPosition.of(left, layout().table())
        .compareTo(TopicPosition.of(right, layout().table()));
  }

  @Override
  public List<String> statements() {
    List<String> statements = new ArrayList<>();
    statements.add("DESCRIBE " + source + " with what the user may do");
    statements.addAll(base == null ? List.of() : base.statements(source));
    statements.add("LIST OFFSETS OF " + source + " read_committed");
    statements.add("READ " + source + " FROM each partition's offset TO the offset listed before");
    return statements;
  }
}
