package io.datamirror.table;

import io.datamirror.change.ChangeLayout;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How the columns of a scan come out of stored rows. The declared columns are the first of a stored
 * row; what a change tells besides its row is put behind the last of them, see {@link ScanRecords}.
 *
 * @param layout of the stored rows
 * @param declared how many columns were declared
 * @param metadata what follows them in the rows of the scan
 */
record ResolvedColumns(ChangeLayout layout, int declared, List<ChangeMetadata> metadata)
    implements Serializable {

  ResolvedColumns {
    metadata = List.copyOf(metadata);
  }

  static ResolvedColumns of(ChangeLayout layout, int declared, List<ChangeMetadata> metadata) {
    return new ResolvedColumns(layout, declared, new ArrayList<>(metadata));
  }

  /** Whether rows have to carry more than their columns. */
  boolean carrying() {
    return metadata.contains(ChangeMetadata.POSITION) || metadata.contains(ChangeMetadata.TIME);
  }

  /** Where in a stored row the position is put. */
  int positionAt() {
    return layout.storedColumns().size();
  }

  /** Where in a stored row the time is put. */
  int timeAt() {
    return positionAt() + 1;
  }
}
