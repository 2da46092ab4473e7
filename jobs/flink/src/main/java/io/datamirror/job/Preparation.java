package io.datamirror.job;

import io.datamirror.commit.SavepointCheck;
import io.datamirror.error.AllProblems;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.feed.Feed;
import io.datamirror.feed.SourceErrors;
import io.datamirror.lake.Generations;
import io.datamirror.lake.KeptColumns;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeFailure;
import io.datamirror.lake.Takeover;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.publish.TopicState;
import io.datamirror.relate.LoadOrder;
import io.datamirror.relate.RelationshipRules;
import io.datamirror.source.Sources;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.TableSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens between a spec and a job, once and in one place: the source is asked, the lake is
 * looked at, and only when nothing speaks against it tables are created and a generation is taken.
 */
public final class Preparation {

  private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

  private Preparation() {}

  /** Resolves the tables of a spec against its source, in loading order; touches nothing. */
  public static List<TablePlan> resolve(MirrorSpec spec, SecretSource secrets) {
    return resolve(spec, secrets, Map.of());
  }

  /**
   * The tables as they are read that go on with what the lake has: resolved again where that is not
   * what spec and source say.
   *
   * @param tables as they were resolved
   */
  public static List<TablePlan> goingOn(
      LakeCatalog catalog, MirrorSpec spec, SecretSource secrets, List<TablePlan> tables) {
    Map<String, KeptColumns> kept = KeptColumns.differing(catalog, tables);
    return kept.isEmpty() ? tables : resolve(spec, secrets, kept);
  }

  private static List<TablePlan> resolve(
      MirrorSpec spec, SecretSource secrets, Map<String, KeptColumns> kept) {
    try (Connection connection = Sources.open(spec.source(), secrets, LOG::info)) {
      List<TablePlan> plans = new ArrayList<>();
      List<Problem> problems = new ArrayList<>();
      for (TableSpec table : LoadOrder.of(spec.tables())) {
        try {
          KeptColumns read = kept.getOrDefault(table.name(), KeptColumns.asDeclared(table));
          Feed feed =
              Sources.resolve(
                  connection, spec.source(), table.withColumns(read.columns()), read.order());
          plans.add(new TablePlan(table, feed, feed.identity(connection)));
        } catch (ProblemsException e) {
          problems.addAll(e.problems());
        } catch (MirrorException e) {
          if (problems.isEmpty()) {
            throw e;
          }
          // Whoever does not answer for one table is not asked for the others.
          problems.add(Problem.of(e));
          break;
        }
      }
      problems.addAll(RelationshipRules.problems(plans));
      if (!problems.isEmpty()) {
        throw new ProblemsException("mirror " + spec.mirror(), problems);
      }
      return plans;
    } catch (SQLException e) {
      throw MirrorException.causedBy(
          e,
          ErrorCode.QUERY_FAILED,
          "mirror " + spec.mirror(),
          "the source does not describe its tables, with SQL state " + e.getSQLState(),
          "See the log for the statement, and the source's own log for the reason.");
    }
  }

  /** Tries whether all that is to be read may be, see {@link Feed#probe}. */
  private static void probe(MirrorSpec spec, SecretSource secrets, List<TablePlan> tables) {
    try (Connection connection = Sources.open(spec.source(), secrets, LOG::info)) {
      for (TablePlan table : tables) {
        probe(connection, table);
      }
    } catch (SQLException e) {
      throw SourceErrors.query(e, "mirror " + spec.mirror());
    }
  }

  private static void probe(Connection connection, TablePlan table) {
    try {
      table.feed().probe(connection);
    } catch (SQLException e) {
      throw SourceErrors.query(e, table.name());
    }
  }

  /**
   * Makes a mirror ready to start from what the lake tells: creates what is missing there, and
   * takes the generation. From now on no older start of the mirror can commit.
   */
  public static Launch prepare(MirrorSpec spec, SecretSource secrets) {
    return prepare(spec, secrets, Optional.empty());
  }

  /**
   * Makes a mirror ready to go on from a savepoint, and takes the lake back to it if that was asked
   * for. Nothing is touched, and a running job goes on, if the savepoint does not fit the lake.
   */
  public static Launch prepare(MirrorSpec spec, SecretSource secrets, SavepointCheck savepoint) {
    return prepare(spec, secrets, Optional.of(savepoint));
  }

  private static Launch prepare(
      MirrorSpec spec, SecretSource secrets, Optional<SavepointCheck> savepoint) {
    MirrorSpec absolute =
        new MirrorSpec(
            spec.mirror(),
            Sources.absolute(spec.source()),
            LakeCatalog.absolute(spec.lake()),
            spec.publish(),
            spec.tables());
    List<TablePlan> tables = checked(absolute, secrets);
    boolean newLake = LakeCatalog.missing(absolute.lake(), secrets);
    if (newLake) {
      // None is made for what cannot be read.
      probe(absolute, secrets, tables);
    }
    try (LakeCatalog catalog = LakeCatalog.initialise(absolute.lake(), secrets)) {
      catalog.probe();
      if (!newLake) {
        tables = goingOn(catalog, absolute, secrets, tables);
        probe(absolute, secrets, tables);
      }
      Generations.Start start = start(catalog, absolute, tables, savepoint);
      return new Launch(new MirrorPlan(absolute, tables, start.generation()), start);
    }
  }

  private static Generations.Start start(
      LakeCatalog catalog,
      MirrorSpec spec,
      List<TablePlan> tables,
      Optional<SavepointCheck> savepoint) {
    try {
      return begun(catalog, spec, tables, savepoint);
    } catch (MirrorException | ProblemsException e) {
      throw e;
    } catch (RuntimeException e) {
      // Each change of a table's properties may fail, in words of the catalog's own.
      throw LakeFailure.reading(e, "mirror " + spec.mirror());
    }
  }

  private static Generations.Start begun(
      LakeCatalog catalog,
      MirrorSpec spec,
      List<TablePlan> tables,
      Optional<SavepointCheck> savepoint) {
    if (savepoint.isEmpty()) {
      return takeOver(catalog, spec, tables, Takeover.From.LAKE);
    }
    savepoint.get().run(catalog, tables);
    Generations.Start start = takeOver(catalog, spec, tables, Takeover.From.STATE);
    boolean takenBack = savepoint.get().takeBack(catalog, tables, start.generation());
    List<String> names = tables.stream().map(TablePlan::name).toList();
    return takenBack ? new Generations(catalog).again(start, names) : start;
  }

  private static Generations.Start takeOver(
      LakeCatalog catalog, MirrorSpec spec, List<TablePlan> tables, Takeover.From from) {
    return Takeover.of(catalog, spec.mirror(), spec.source().onHistoryLost(), tables, from);
  }

  /** What is read and where it is published, looked at together. */
  private static List<TablePlan> checked(MirrorSpec spec, SecretSource secrets) {
    AllProblems problems = new AllProblems();
    Optional<List<TablePlan>> tables = problems.of(() -> resolve(spec, secrets));
    problems.of(() -> publishable(spec, secrets));
    problems.throwIfAny("mirror " + spec.mirror());
    return tables.orElseThrow();
  }

  /** Nothing is begun that could not be published. */
  private static List<TopicState> publishable(MirrorSpec spec, SecretSource secrets) {
    List<TopicState> topics = TopicState.all(spec, secrets);
    List<Problem> problems =
        topics.stream().map(TopicState::problem).filter(Objects::nonNull).toList();
    if (!problems.isEmpty()) {
      throw new ProblemsException("mirror " + spec.mirror(), problems);
    }
    return topics;
  }
}
