package io.datamirror.table;

import io.datamirror.stream.MirrorRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.utils.JoinedRowData;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.flink.util.Collector;

/**
 * Lets changes and rejections pass, without the progress of the source, which is for committers.
 * Where a query asks for it, every row gets the position of its window and its time with it.
 *
 * <p>It has no state: the source announces the window before each batch of changes.
 */
final class ScanRecords extends ProcessFunction<MirrorRecord, MirrorRecord> {

  private static final long serialVersionUID = 1L;

  private final ResolvedColumns columns;

  private transient RowDataSerializer rows;
  private transient GenericRowData carried;
  private transient JoinedRowData joined;
  private transient StringData position;

  ScanRecords(ResolvedColumns columns) {
    this.columns = columns;
  }

  @Override
  public void open(OpenContext context) {
    List<LogicalType> types = new ArrayList<>();
    columns
        .layout()
        .storedColumns()
        .forEach(column -> types.add(DeclaredTypes.stored(column.type())));
    types.add(VarCharType.STRING_TYPE);
    types.add(new BigIntType());
    rows = new RowDataSerializer(types.toArray(LogicalType[]::new));
    carried = new GenericRowData(2);
    joined = new JoinedRowData();
  }

  @Override
  public void processElement(MirrorRecord record, Context context, Collector<MirrorRecord> out) {
    if (record instanceof MirrorRecord.Progress progress) {
      String text = progress.position();
      position = text.isEmpty() ? null : StringData.fromString(text);
    } else if (columns.carrying() && record instanceof MirrorRecord.Change change) {
      out.collect(carrying(change));
    } else {
      out.collect(record);
    }
  }

  private MirrorRecord.Change carrying(MirrorRecord.Change change) {
    long time = change.timeMillis();
    carried.setField(0, position);
    carried.setField(1, time == Long.MIN_VALUE ? null : time);
    joined.replace(change.row(), carried);
    return new MirrorRecord.Change(
        change.key(), change.operation(), change.rank(), time, rows.toBinaryRow(joined).copy());
  }
}
