package io.datamirror.plan;

import io.datamirror.resolve.Forgetting;
import io.datamirror.spec.MirrorSpec;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A mirror that is ready to run. It travels to every task and holds no secret, only references.
 *
 * @param spec what the user wrote
 * @param tables the tables, those that others refer to first
 * @param generation the number of this start of the mirror, fixed at submit: commits of older
 *     generations are refused
 */
public record MirrorPlan(MirrorSpec spec, List<TablePlan> tables, long generation)
    implements Serializable {

  public MirrorPlan {
    tables = List.copyOf(tables);
  }

  /** When what is remembered of the keys of each table may go, by the table's number. */
  public Map<Integer, Forgetting> forgetting() {
    Map<Integer, Forgetting> rules = new HashMap<>();
    tables.forEach(table -> rules.put(table.number(), table.forgetting()));
    return rules;
  }

  /** The plan of the table with this number; the number comes from this plan. */
  public TablePlan table(int number) {
    return tables.stream()
        .filter(table -> table.number() == number)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no table has the number " + number));
  }
}
