package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Chunk.Part;
import io.datamirror.feed.FinalImages.Kept;
import io.datamirror.feed.Warehouse.Settled;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlText;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A warehouse's own change feed: a snapshot of the table pinned at a position, then what changed
 * since exactly that position, window by window.
 *
 * <p>The table's identity and tracking are looked at once with every poll. A position names the
 * incarnation of its table, so that no window is ever planned from one to another.
 *
 * @param snapshotRows how rows of the snapshot become changes: each is an upsert
 * @param changeRows how rows of the feed become changes
 * @param keyset the primary key
 * @param keptMillis for how long changes were kept when the table was described; -1 for unknown
 */
record NativeFeed(
    NativeColumns columns, RowPlan snapshotRows, RowPlan changeRows, Keyset keyset, long keptMillis)
    implements Feed {

  private Warehouse warehouse() {
    return columns.warehouse();
  }

  @Override
  public ChangeLayout layout() {
    return columns.layout();
  }

  @Override
  public Identity identity(Connection connection) throws SQLException {
    return poll(connection).identity();
  }

  @Override
  public Optional<Tracking> tracking(Connection connection) throws SQLException {
    return Optional.of(
        guard(connection).run(() -> warehouse().tracking(connection, columns.table())));
  }

  @Override
  public OptionalLong millis(Position position) {
    return position.beginning()
        ? OptionalLong.empty()
        : warehouse().millis(point(position).value());
  }

  @Override
  public OptionalLong retentionMillis() {
    return keptMillis < 0 ? OptionalLong.empty() : OptionalLong.of(keptMillis);
  }

  private Tracking poll(Connection connection) throws SQLException {
    return guard(connection).run(() -> warehouse().poll(connection, columns.table()));
  }

  private NativeErrors guard(Connection connection) {
    return new NativeErrors(columns, connection);
  }

  /** The identity, after it is certain that changes are kept and {@code last} is of this table. */
  private Identity checked(Connection connection, Position last) throws SQLException {
    Tracking tracking = poll(connection);
    if (tracking.state() == Tracking.State.OFF) {
      throw NativeErrors.off(layout().table(), tracking);
    }
    if (!last.beginning() && !point(last).of(tracking.identity())) {
      throw recreated();
    }
    return tracking.identity();
  }

  private MirrorException recreated() {
    return new MirrorException(
        ErrorCode.SOURCE_TABLE_RECREATED,
        layout().table(),
        "its source table was dropped and created again since it was read",
        "Mirror it into a new table.");
  }

  private Point point(Position position) {
    return Point.of(position, layout().table());
  }

  @Override
  public Position head(Connection connection, Position last) throws SQLException {
    return head(connection, last, checked(connection, last));
  }

  @Override
  public Sight look(Connection connection, Position last) throws SQLException {
    Identity identity = checked(connection, last);
    long clockMillis = clockMillis(connection);
    return new Sight(identity, new Observed(head(connection, last, identity), clockMillis));
  }

  private Position head(Connection connection, Position last, Identity identity)
      throws SQLException {
    long newest = guard(connection).run(() -> warehouse().newest(connection, columns.table()));
    boolean ahead = last.beginning() || newest > point(last).value();
    return ahead ? Point.at(newest, identity).position() : last;
  }

  @Override
  public Optional<Window> nextWindow(
      Connection connection, Position last, Observed seen, long settleMillis) throws SQLException {
    String incarnation = point(seen.head()).incarnation();
    if (!last.beginning() && !point(last).incarnation().equals(incarnation)) {
      throw recreated();
    }
    Settled settled =
        guard(connection).run(() -> warehouse().settled(connection, columns.table(), settleMillis));
    if (last.beginning()) {
      // Changes may not be kept since long: only since when they were seen to be is certain.
      return settled.millis() < seen.clockMillis()
          ? Optional.empty()
          : Optional.of(window(last, new Point(settled.point(), incarnation), settled.millis()));
    }
    long from = point(last).value();
    long most = warehouse().longestWindow();
    boolean whole = settled.point() - from <= most;
    long to = whole ? settled.point() : from + most;
    if (to <= from) {
      return Optional.empty();
    }
    Point end = new Point(to, incarnation);
    return Optional.of(window(last, end, whole ? settled.millis() : millis(to)));
  }

  private static Window window(Position from, Point to, long settledMillis) {
    return new Window(from, to.position(), settledMillis);
  }

  private long millis(long point) {
    return warehouse().millis(point).orElse(Long.MIN_VALUE);
  }

  @Override
  public boolean more(Window window, Observed seen, long settleMillis) {
    OptionalLong end = warehouse().millis(point(window.to()).value());
    return end.isPresent()
        ? end.getAsLong() < seen.clockMillis() - settleMillis
        : compare(seen.head(), window.to()) > 0;
  }

  @Override
  public Optional<Window> narrower(Window window) {
    if (window.from().beginning()) {
      return Optional.empty();
    }
    long from = point(window.from()).value();
    Point to = point(window.to());
    long middle = from + (to.value() - from) / 2;
    return middle <= from
        ? Optional.empty()
        : Optional.of(window(window.from(), new Point(middle, to.incarnation()), millis(middle)));
  }

  @Override
  public List<Chunk> chunks(Connection connection, Window window, long rows) throws SQLException {
    long from = point(window.from()).value();
    long to = point(window.to()).value();
    if (from == to) {
      return List.of();
    }
    Slice whole = new Slice(Part.CHANGES, from, to, "", "");
    return guard(connection).run(() -> cuts().ofChanges(connection, whole, rows));
  }

  @Override
  public Snapshot snapshot() {
    return Snapshot.PINNED;
  }

  @Override
  public OptionalLong snapshotOrder(Position at) {
    return OptionalLong.of(warehouse().snapshotUnit(point(at).value()));
  }

  @Override
  public List<Chunk> snapshotChunks(Connection connection, Position at, long rows)
      throws SQLException {
    long point = point(at).value();
    Slice whole = new Slice(Part.SNAPSHOT, point, point, "", "");
    return guard(connection).run(() -> cuts().ofSnapshot(connection, whole, rows));
  }

  private NativeCuts cuts() {
    return new NativeCuts(columns, keyset);
  }

  @Override
  public ChunkReader open(Connection connection, Chunk chunk, Resume resume, int fetchSize)
      throws SQLException {
    Slice slice = Slice.of(chunk);
    RowPlan rows =
        switch (slice.part()) {
          case CHANGES -> changeRows;
          case SNAPSHOT -> snapshotRows;
        };
    Kept kept =
        switch (slice.part()) {
          case CHANGES -> Kept.FINAL;
          case SNAPSHOT -> Kept.ALL;
        };
    KeysetReader.Start start =
        new KeysetReader.Start(query(slice, resume), resume, fetchSize, kept);
    NativeErrors errors = guard(connection);
    return errors.run(
        () ->
            new NativeReader(
                KeysetReader.open(connection, KeysetReader.Scope.STATEMENT, rows, keyset, start),
                errors));
  }

  private SqlText query(Slice slice, Resume resume) {
    SqlText.Builder sql = columns.select(slice);
    cuts().within(sql.text(" WHERE "), slice);
    if (!resume.cursor().isEmpty()) {
      keyset.from(sql.text(" AND ("), resume.cursor());
      sql.text(")");
    }
    keyset.orderBy(sql);
    switch (slice.part()) {
      case CHANGES -> warehouse().orderOfChanges(sql.text(", "));
      case SNAPSHOT -> {}
    }
    return sql.build();
  }

  @Override
  public long clockMillis(Connection connection) throws SQLException {
    return guard(connection).run(() -> warehouse().clockMillis(connection));
  }

  @Override
  public void probe(Connection connection) throws SQLException {
    clockMillis(connection);
    Optional<SqlText> trial = trial();
    if (trial.isPresent()) {
      guard(connection).run(() -> answered(connection, trial.get()));
    }
  }

  private static boolean answered(Connection connection, SqlText trial) throws SQLException {
    try (Rows rows = trial.query(connection)) {
      return rows.next();
    }
  }

  private Optional<SqlText> trial() {
    SqlText.Builder sql = SqlText.in(warehouse().dialect());
    return switch (warehouse().trial()) {
      case EXPLAINED -> Optional.of(columns.selectNow(sql.text("EXPLAIN USING TEXT ")).build());
      case NEVER_TRUE -> Optional.of(columns.selectNow(sql).text(" WHERE 1 = 0").build());
      case NONE -> Optional.empty();
    };
  }

  @Override
  public int compare(Position left, Position right) {
    if (left.beginning() || right.beginning()) {
      return Boolean.compare(!left.beginning(), !right.beginning());
    }
    return Long.compare(point(left).value(), point(right).value());
  }

  @Override
  public List<String> statements() {
    List<SqlText> statements = new ArrayList<>(warehouse().questions(columns.table()));
    trial().ifPresent(statements::add);
    for (Part part : new Part[] {Part.SNAPSHOT, Part.CHANGES}) {
      Slice slice = new Slice(part, 0, part == Part.SNAPSHOT ? 0 : 1, "", "");
      statements.addAll(cuts().questions(slice));
      statements.add(query(slice, Resume.START));
    }
    return statements.stream().map(SqlText::toString).toList();
  }
}
