package io.datamirror.cli;

import io.datamirror.feed.Position;
import io.datamirror.feed.SourceErrors;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.TableHistory;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.TableSpec;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How far the lake is behind the source. */
final class LakeLag implements AutoCloseable {
  private final MirrorSpec mirror;
  private final SourceTables source;
  private final Optional<LakeCatalog> catalog;
  private final Map<String, TablePlan> resolved = new HashMap<>();

  private LakeLag(MirrorSpec mirror, SourceTables source, Optional<LakeCatalog> catalog) {
    this.mirror = mirror;
    this.source = source;
    this.catalog = catalog;
  }

  /**
   * Connects to source and lake.
   *
   * @throws io.datamirror.error.MirrorException if one of them cannot be reached
   */
  static LakeLag open(MirrorSpec mirror, SecretSource secrets) {
    return new LakeLag(
        mirror, SourceTables.open(mirror, secrets), LakeCatalog.existing(mirror.lake(), secrets));
  }

  /**
   * The lag of each table that has a position, in milliseconds: 0 if the lake has everything there
   * is, else the time between the mirror's watermark and the source's clock.
   */
  Map<String, Long> all() {
    Map<String, Long> lags = new HashMap<>();
    if (catalog.isEmpty()) {
      return lags;
    }
    for (TableSpec spec : mirror.tables()) {
      TablePlan table = resolve(spec);
      catalog
          .get()
          .find(table.name())
          .map(TableHistory::of)
          .filter(history -> !history.position().isEmpty())
          .flatMap(history -> lag(table, history))
          .ifPresent(lag -> lags.put(table.name(), lag));
    }
    return lags;
  }

  /** The history that the source keeps of each table, where it keeps any. */
  Map<String, Upkeep> upkeep() {
    Map<String, Upkeep> kept = new HashMap<>();
    for (TableSpec spec : mirror.tables()) {
      TablePlan table = resolve(spec);
      TableHistory history =
          catalog.flatMap(open -> open.find(spec.name())).map(TableHistory::of).orElse(null);
      source.upkeep(table, history).ifPresent(found -> kept.put(spec.name(), found));
    }
    return kept;
  }

  /** What the source says of a table is asked for once. */
  private TablePlan resolve(TableSpec spec) {
    return resolved.computeIfAbsent(spec.name(), name -> source.resolve(spec));
  }

  private Optional<Long> lag(TablePlan table, TableHistory history) {
    try {
      Position position = new Position(history.position());
      Position head = table.feed().head(source.connection(), position);
      if (table.feed().compare(head, position) <= 0) {
        return Optional.of(0L);
      }
      if (history.watermarkMillis() == Long.MIN_VALUE) {
        return Optional.empty();
      }
      long clock = table.feed().clockMillis(source.connection());
      return Optional.of(Math.max(0, clock - history.watermarkMillis()));
    } catch (SQLException e) {
      throw SourceErrors.query(e, mirror.mirror() + " " + table.name());
    }
  }

  @Override
  public void close() {
    catalog.ifPresent(LakeCatalog::close);
    source.close();
  }
}
