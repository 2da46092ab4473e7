package io.datamirror.resolve;

import io.datamirror.change.KeyId;
import io.datamirror.change.Rank;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/**
 * Applies the ordering law to a stream of changes of many tables.
 *
 * <p>Changes of a key are folded in memory until {@link #flush}; then the greatest of them is
 * judged against what is remembered, and written. So between two flushes every key is written at
 * most once. One thread at a time.
 *
 * @param <R> a row with its stored columns
 */
public final class Resolver<R> {

  /** What a key that is due costs, by measurement of its objects. */
  private static final int DUE_BYTES = 96;

  /** So many keys ahead the store is told which are recalled: see {@link Incoming#ROOM}. */
  private static final int KEYS_EXPECTED = Incoming.ROOM;

  private final MemoryStore store;
  private final TableWrites<R> writes;
  private final Map<Integer, Rules> tables = new LinkedHashMap<>();
  private final Bundle<R> bundle;
  private final Incoming<R> incoming = new Incoming<>();
  private final Set<KeyId> due = new HashSet<>();
  private Rules lastRules;

  /**
   * What holds for one table, and what became of its changes.
   *
   * @param place among the tables, from 0
   */
  private record Rules(
      int table, int place, Forgetting forgetting, long horizonMillis, Tally tally) {

    /**
     * Whether its key may have been forgotten: by the rule, or by another one that held before. A
     * change without a time is judged by the rule alone.
     */
    boolean late(long timeMillis, long watermarkMillis) {
      return forgetting.late(timeMillis, watermarkMillis)
          || (timeMillis < horizonMillis && timeMillis != Long.MIN_VALUE);
    }
  }

  /**
   * @param rows keeps the rows of folded changes
   * @param writes told of rows that are valid during the call only, as those of {@code rows} are
   * @param forgetting by table number; the tables that this resolver knows
   */
  public Resolver(
      MemoryStore store,
      RowStore<R> rows,
      TableWrites<R> writes,
      Map<Integer, Forgetting> forgetting) {
    this(store, rows, writes, forgetting, Map.of());
  }

  /**
   * @param horizons by table number: what is older may have been forgotten before this began, by
   *     whatever rule held then
   */
  public Resolver(
      MemoryStore store,
      RowStore<R> rows,
      TableWrites<R> writes,
      Map<Integer, Forgetting> forgetting,
      Map<Integer, Long> horizons) {
    this.store = store;
    this.bundle = new Bundle<>(rows);
    this.writes = writes;
    forgetting.forEach(
        (table, rule) -> {
          long horizonMillis = horizons.getOrDefault(table, Long.MIN_VALUE);
          tables.put(table, new Rules(table, tables.size(), rule, horizonMillis, new Tally()));
        });
  }

  /** Takes over what the lake knows of a key, unless more is known. */
  public void recall(KeyId key, Memory memory) {
    Memory known = store.recall(key);
    if (known == null || Rank.compare(memory.rank(), known.rank()) > 0) {
      store.remember(key, memory);
    }
  }

  /** Writes an entry for a change that its reader could not make sense of. */
  public void reject(int table, LedgerEntry entry) {
    foldIncoming();
    tally(table).rejected++;
    writes.record(entry);
  }

  /**
   * Takes a change. It may wait until others have come, at most until the next flush: neither it
   * nor its row may change until then.
   *
   * @param watermarkMillis the watermark when the change came; by it the change is judged
   */
  public void offer(KeyedChange<R> change, long watermarkMillis) {
    Rules rules = rules(change.key().table());
    if (rules.late(change.timeMillis(), watermarkMillis)) {
      foldIncoming();
      if (!loses(change)) {
        rules.tally.late++;
        String error = "its time is before the watermark by more than the allowed lateness";
        writes.record(rules.table, LedgerReason.LATE, change.row(), change.timeMillis(), error);
        return;
      }
    }
    incoming.add(change, bundle.bytes(change));
    if (incoming.isFull()) {
      foldIncoming();
    }
  }

  /**
   * Whether more than this change is known of its key: then it is superseded, however late it
   * comes. A start from the lake reads changes again that its tables hold, and they are not late.
   */
  private boolean loses(KeyedChange<R> change) {
    int pending = bundle.find(change.key());
    if (pending != Bundle.NONE && bundle.compareRank(change.rank(), pending) <= 0) {
      return true;
    }
    Memory known = store.recall(change.key());
    return known != null && Rank.compare(change.rank(), known.rank()) <= 0;
  }

  private void foldIncoming() {
    int[] entries = bundle.findEach(incoming);
    for (int i = 0; i < incoming.size(); i++) {
      fold(incoming.change(i), entries[i]);
    }
    incoming.clear();
  }

  private void fold(KeyedChange<R> change, int found) {
    KeyId key = change.key();
    // One that was folded since the search may have brought the key.
    int pending = found == Bundle.NONE ? bundle.find(key) : found;
    if (pending == Bundle.NONE) {
      bundle.add(change);
    } else if (wins(tally(key.table()), change, pending)) {
      bundle.replace(pending, change);
    }
  }

  /** Whether a change takes the place of the one that is pending; counts the one that loses. */
  private boolean wins(Tally tally, KeyedChange<R> change, int pending) {
    int comparison = bundle.compareRank(change.rank(), pending);
    if (comparison == 0) {
      tally.noOps++;
      return false;
    }
    boolean wins = comparison > 0;
    if (bundle.conflicts(change.rank(), pending)) {
      tally.conflicts++;
      Pending<R> other = bundle.get(pending, change.key());
      writes.record(
          change.key().table(),
          LedgerReason.CONFLICT,
          wins ? other.row : change.row(),
          wins ? other.timeMillis : change.timeMillis(),
          "another row of the same version and order has the greater hash");
    }
    tally.superseded++;
    return wins;
  }

  /** The bytes of memory that the next flush lets go of: of changes and of keys that are due. */
  public long bundleBytes() {
    return bundle.bytes() + incoming.bytes() + (long) due.size() * DUE_BYTES;
  }

  /** Tells the writes how much the next flush has of each table, if it comes before any change. */
  public void announce() {
    foldIncoming();
    int[] counts = counts();
    for (Rules rules : tables.values()) {
      if (counts[rules.place] > 0) {
        writes.expect(rules.table, counts[rules.place]);
      }
    }
  }

  /** Judges and writes the changes since the last flush, group by group. */
  public void flush(KeyGroups groups, long watermarkMillis) {
    foldIncoming();
    Bundle.Placed[] sorted = bundle.sorted(groups);
    applyAll(0, bundle.size(), i -> sorted[i].entry(), i -> sorted[i].key());
    end(watermarkMillis);
  }

  /** Judges and writes the changes since the last flush, in the order in which their keys came. */
  public void flush(long watermarkMillis) {
    foldIncoming();
    applyAll(0, bundle.size(), i -> i, bundle::key);
    end(watermarkMillis);
  }

  /**
   * Judges and writes the changes since the last flush, table by table, and says of each that has
   * some when its rows are complete; within a table in the order in which their keys came.
   */
  public void flushTables(long watermarkMillis) {
    foldIncoming();
    int[] counts = counts();
    IntUnaryOperator byTable = byTable(counts);
    int from = 0;
    for (Rules rules : tables.values()) {
      int to = from + counts[rules.place];
      if (to > from) {
        applyAll(from, to, byTable, i -> bundle.key(byTable.applyAsInt(i)));
        writes.complete(rules.table);
      }
      from = to;
    }
    end(watermarkMillis);
  }

  /** By the place of a table, how many entries the bundle has of it. */
  private int[] counts() {
    int[] counts = new int[tables.size()];
    for (int entry = 0; entry < bundle.size(); entry++) {
      counts[rules(bundle.table(entry)).place]++;
    }
    return counts;
  }

  /** The entries of the bundle, table by table, of which each has so many. */
  private IntUnaryOperator byTable(int[] counts) {
    int[] next = new int[counts.length];
    for (int place = 1; place < next.length; place++) {
      next[place] = next[place - 1] + counts[place - 1];
    }
    int[] sorted = new int[bundle.size()];
    for (int entry = 0; entry < sorted.length; entry++) {
      sorted[next[rules(bundle.table(entry)).place]++] = entry;
    }
    return i -> sorted[i];
  }

  /**
   * Applies the entries of the bundle from one place to before another, in the order in which they
   * and their keys are given.
   */
  private void applyAll(int start, int end, IntUnaryOperator entry, IntFunction<KeyId> key) {
    KeyId[] keys = new KeyId[Math.min(KEYS_EXPECTED, end - start)];
    for (int from = start; from < end; from += keys.length) {
      int count = Math.min(keys.length, end - from);
      for (int i = 0; i < count; i++) {
        keys[i] = key.apply(from + i);
        store.expect(keys[i]);
      }
      for (int i = 0; i < count; i++) {
        apply(entry.applyAsInt(from + i), keys[i]);
      }
    }
  }

  private void end(long watermarkMillis) {
    forgetDue(watermarkMillis);
    bundle.clear();
  }

  private void apply(int entry, KeyId key) {
    Verdict verdict = apply(key, bundle.get(entry, key));
    switch (verdict) {
      case INSERT, REPLACE, REMOVE, BURY, NO_OP -> bundle.markRemembered(entry);
      case DUPLICATE, SUPERSEDED -> {}
    }
  }

  private Verdict apply(KeyId key, Pending<R> change) {
    Tally tally = tally(key.table());
    Memory known = store.recall(key);
    if (known != null && Rank.conflicting(change.rank, known.rank())) {
      recordConflict(tally, key, change, known);
    }
    Verdict verdict = OrderingLaw.judge(known, change.operation, change.rank);
    switch (verdict) {
      case INSERT, REPLACE -> {
        tally.upserts++;
        upsert(key, change, known);
      }
      case REMOVE, BURY -> {
        tally.deletes++;
        delete(key, change, known);
      }
      case NO_OP -> {
        tally.noOps++;
        store.remember(key, Memory.present(change.rank, known.partition(), change.timeMillis));
      }
      case DUPLICATE -> tally.noOps++;
      case SUPERSEDED -> tally.superseded++;
    }
    return verdict;
  }

  private void upsert(KeyId key, Pending<R> change, Memory known) {
    byte[] partition = writes.partition(key.table(), change.row);
    if (known != null && known.present()) {
      writes.remove(key.table(), change.row, known.partition());
    } else if (known != null) {
      writes.unbury(key);
    }
    writes.insert(key.table(), change.row, partition);
    store.remember(key, Memory.present(change.rank, partition, change.timeMillis));
  }

  private void delete(KeyId key, Pending<R> change, Memory known) {
    if (known != null && known.present()) {
      writes.remove(key.table(), change.row, known.partition());
    } else if (known != null) {
      writes.unbury(key);
    }
    writes.bury(key, change.row, change.rank, change.timeMillis);
    store.remember(key, Memory.tombstone(change.rank, change.timeMillis));
  }

  private void recordConflict(Tally tally, KeyId key, Pending<R> change, Memory known) {
    tally.conflicts++;
    boolean wins = Rank.compare(change.rank, known.rank()) > 0;
    String error =
        wins
            ? "it replaced another row of the same version and order by its greater hash"
            : "another row of the same version and order has the greater hash";
    writes.record(key.table(), LedgerReason.CONFLICT, change.row, change.timeMillis, error);
  }

  /**
   * When the watermark should be looked at again for {@code key}: what is remembered of it may go
   * then.
   */
  public OptionalLong dueMillis(KeyId key, Memory memory) {
    Rules rules = rules(key.table());
    if (rules == null) {
      return OptionalLong.empty();
    }
    Forgetting rule = rules.forgetting;
    boolean ever = !rule.never() && (!memory.present() || rule.timeInKey());
    return ever ? OptionalLong.of(rule.dueMillis(memory.timeMillis())) : OptionalLong.empty();
  }

  /**
   * The watermark has passed the due time of {@code key}: looked at in the next flush.
   *
   * @return false if this resolver does not know the key's table: then nothing is forgotten, since
   *     nobody writes for the table
   */
  public boolean due(KeyId key) {
    boolean known = tables.containsKey(key.table());
    if (known) {
      due.add(key);
    }
    return known;
  }

  private void forgetDue(long watermarkMillis) {
    for (KeyId key : due) {
      Memory memory = store.recall(key);
      if (memory != null && !justRemembered(key)) {
        forget(key, memory, watermarkMillis);
      }
    }
    due.clear();
  }

  private void forget(KeyId key, Memory memory, long watermarkMillis) {
    if (rules(key.table()).forgetting.forgettable(memory, watermarkMillis)) {
      store.forget(key);
      if (!memory.present()) {
        writes.unbury(key);
      }
    } else if (dueMillis(key, memory).isPresent()) {
      // The table may forget later than it did when the key was last remembered.
      store.remember(key, memory);
    }
  }

  /** Whether this flush remembered the key anew: then it has a due time of its own. */
  private boolean justRemembered(KeyId key) {
    int pending = bundle.find(key);
    return pending != Bundle.NONE && bundle.remembered(pending);
  }

  /** What was counted per table number since the last call. */
  public Map<Integer, Counts> drainCounts() {
    foldIncoming();
    Map<Integer, Counts> counts = new LinkedHashMap<>();
    tables.forEach((table, rules) -> counts.put(table, rules.tally.drain()));
    return counts;
  }

  private Tally tally(int table) {
    return rules(table).tally;
  }

  /** Changes come table by table, so the one before mostly tells. */
  private Rules rules(int table) {
    if (lastRules == null || lastRules.table != table) {
      lastRules = tables.get(table);
    }
    return lastRules;
  }
}
