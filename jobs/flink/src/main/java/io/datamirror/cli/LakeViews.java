package io.datamirror.cli;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.relate.JoinViews;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.TableSpec;
import java.util.List;
import org.apache.iceberg.types.Types.NestedField;

/** The views that join the tables of a lake along their relationships. */
final class LakeViews {

  private LakeViews() {}

  /** The views over the tables that are there; a view whose tables are not all there is left. */
  static List<JoinViews.View> of(LakeCatalog catalog, MirrorSpec spec) {
    List<TableSpec> there =
        spec.tables().stream().filter(table -> catalog.find(table.name()).isPresent()).toList();
    return new JoinViews(there, name -> columns(catalog, name)).views();
  }

  private static List<String> columns(LakeCatalog catalog, String name) {
    return catalog.load(name).schema().columns().stream().map(NestedField::name).toList();
  }
}
