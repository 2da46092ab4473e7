package io.datamirror.table;

import io.datamirror.spec.DeleteContent;
import io.datamirror.spec.ReadUntil;
import io.datamirror.spec.SqlTable;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsSourceWatermark;
import org.apache.flink.table.types.DataType;

/**
 * A table of a source whose rows are its changes, resolved.
 *
 * <p>The changelog is one of upserts: what is remembered of a key is its rank and not its row, so
 * the row that an update replaces is not known here. Where a query needs it, the planner adds what
 * remembers rows. Deletes hold the key alone; where the declaration says so, they are handed over
 * as whole rows all the same. In batch there is no changelog, and the table is what is left at the
 * end.
 */
final class MirrorTableSource
    implements ScanTableSource, SupportsReadingMetadata, SupportsSourceWatermark {

  private final ObjectIdentifier name;
  private final SqlTable table;
  private final DataType physicalType;
  private final ScanMode mode;
  private final SqlPlan plan;
  private List<ChangeMetadata> metadata = List.of();
  private DataType producedType;

  MirrorTableSource(ObjectIdentifier name, SqlTable table, DataType physicalType, ScanMode mode) {
    this(name, table, physicalType, mode, new SqlPlan(table));
  }

  private MirrorTableSource(
      ObjectIdentifier name, SqlTable table, DataType physicalType, ScanMode mode, SqlPlan plan) {
    this.name = name;
    this.table = table;
    this.physicalType = physicalType;
    this.mode = mode;
    this.plan = plan;
    this.producedType = physicalType;
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return switch (mode) {
      case CHANGELOG -> ChangelogMode.upsert(table.deletes() == DeleteContent.KEY);
      case ROWS -> ChangelogMode.insertOnly();
    };
  }

  @Override
  public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
    int columns = DataType.getFieldCount(physicalType);
    ResolvedColumns resolved = ResolvedColumns.of(plan.table().layout(), columns, metadata);
    return new MirrorScan(
        name,
        table,
        plan.table(),
        new MirrorScan.Output(mode, resolved, context.createTypeInformation(producedType)),
        until());
  }

  private ReadUntil until() {
    ReadUntil usual =
        switch (mode) {
          case CHANGELOG -> ReadUntil.STOPPED;
          case ROWS -> ReadUntil.NOW;
        };
    return table.until().orElse(usual);
  }

  @Override
  public Map<String, DataType> listReadableMetadata() {
    return ChangeMetadata.types();
  }

  @Override
  public void applyReadableMetadata(List<String> keys, DataType produced) {
    metadata = ChangeMetadata.ofKeys(keys);
    producedType = produced;
  }

  /** The source emits its watermarks anyway. */
  @Override
  public void applySourceWatermark() {}

  @Override
  public DynamicTableSource copy() {
    MirrorTableSource copy = new MirrorTableSource(name, table, physicalType, mode, plan);
    copy.metadata = metadata;
    copy.producedType = producedType;
    return copy;
  }

  @Override
  public String asSummaryString() {
    return "data-mirror " + table.table().source();
  }
}
