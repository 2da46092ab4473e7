package io.datamirror.lake;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.feed.Identity;
import io.datamirror.plan.TablePlan;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes tables in the lake follow their sources: adds and widens columns, says which incarnation is
 * read. Metadata only: no snapshot is made, and what was written before is read with the new
 * columns null.
 */
public final class SchemaFollower {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaFollower.class);
  private static final int TRIES = 20;

  private final LakeCatalog catalog;
  private final long generation;

  /**
   * @param generation the start of the mirror that the source is read by; an older one changes
   *     nothing any more
   */
  public SchemaFollower(LakeCatalog catalog, long generation) {
    this.catalog = catalog;
    this.generation = generation;
  }

  /**
   * Makes the table fit {@code layout}, and keeps it as that of rows with {@code arity} columns.
   *
   * @return why the table cannot be made to fit; it is as it was then
   */
  public Optional<Problem> follow(TablePlan plan, ChangeLayout layout, int arity) {
    for (int attempt = 1; ; attempt++) {
      Table table = requireOurs(plan.name());
      Optional<Problem> name = badName(plan, layout, table);
      if (name.isPresent()) {
        return name;
      }
      String known = table.properties().getOrDefault(LakeKeys.LAYOUTS, "");
      Transaction transaction = transaction(plan.name(), table);
      try {
        change(table, transaction.updateSchema(), layout);
      } catch (IllegalArgumentException | ValidationException e) {
        return Optional.of(notTaken(plan.name(), e));
      }
      transaction
          .updateProperties()
          .set(LakeKeys.LAYOUTS, RowLayouts.with(known, arity, layout))
          .commit();
      try {
        transaction.commitTransaction();
        return Optional.empty();
      } catch (CommitFailedException e) {
        // Epochs are committed meanwhile: the next look at the table tells what is left to do.
        LOG.info("Following the columns of {} again: {}", plan.name(), LakeFailure.classes(e));
        if (attempt == TRIES) {
          throw LakeFailure.of(e, plan.name());
        }
      } catch (RuntimeException e) {
        throw LakeFailure.of(e, plan.name());
      }
    }
  }

  private static Optional<Problem> badName(TablePlan plan, ChangeLayout layout, Table table) {
    try {
      LakeSchema.partitions(plan.spec(), LakeSchema.of(layout));
      return ColumnNames.problems(layout, table.schema()).stream().findFirst();
    } catch (MirrorException e) {
      return Optional.of(Problem.of(e));
    }
  }

  private static Problem notTaken(String name, RuntimeException failure) {
    return Problem.of(
        ErrorCode.TABLE_DOES_NOT_FIT,
        name,
        "the lake does not take the columns that its source has now ("
            + LakeFailure.classes(failure)
            + ")",
        "Exclude the columns that changed, or choose another name for the table.");
  }

  static void change(Table table, UpdateSchema update, ChangeLayout layout) {
    for (Column column : layout.storedColumns()) {
      NestedField field = table.schema().findField(column.name());
      Type type = LakeSchema.type(column.type());
      if (field == null) {
        update.addColumn(null, column.name(), type);
      } else if (!field.type().equals(type)) {
        update.updateColumn(column.name(), type.asPrimitiveType());
      }
    }
    update.commit();
  }

  /** Says in the table that it is read anew from another incarnation of its source. */
  public void readAnew(TablePlan plan, Identity now) {
    Table table = requireOurs(plan.name());
    change(plan.name(), table, update -> SourceIdentity.announce(table, update, now));
  }

  /** Says in the table why it is not read on; the empty text says that it is. */
  public void stopped(TablePlan plan, String reason) {
    Table table = requireOurs(plan.name());
    if (table.properties().getOrDefault(LakeKeys.STOPPED, "").equals(reason)) {
      return;
    }
    change(
        plan.name(),
        table,
        update -> {
          if (reason.isEmpty()) {
            update.remove(LakeKeys.STOPPED);
          } else {
            update.set(LakeKeys.STOPPED, reason);
          }
        });
  }

  private Transaction transaction(String name, Table table) {
    return LookingOperations.of(table).fenced(name, generation).transaction(name);
  }

  private void change(String name, Table table, Consumer<UpdateProperties> change) {
    Transaction transaction = transaction(name, table);
    UpdateProperties update = transaction.updateProperties();
    change.accept(update);
    try {
      update.commit();
      transaction.commitTransaction();
    } catch (RuntimeException e) {
      throw LakeFailure.of(e, name);
    }
  }

  private Table requireOurs(String name) {
    Table table = catalog.load(name);
    if (Generations.generation(table.properties()) != generation) {
      throw Fenced.of(name, Generations.generation(table.properties()), generation);
    }
    return table;
  }
}
