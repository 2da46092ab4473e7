package io.datamirror.resolve;

import io.datamirror.change.ChangeLayout.Tie;
import io.datamirror.change.Operation;
import io.datamirror.resolve.testing.Assembled;
import io.datamirror.resolve.testing.Said;
import io.datamirror.resolve.testing.Shape;
import io.datamirror.resolve.testing.Shape.Trait;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A history of changes and how it is delivered.
 *
 * @param seed of the order of delivery
 * @param keys how many keys there are
 * @param epochs how many commits
 * @param subtasks how many resolvers share the keys
 * @param shuffle how far a change may be delivered from its place
 * @param draws a random number for each change; its bits say what the change is
 */
record Scenario(
    long seed,
    Tie tie,
    Set<Trait> traits,
    int keys,
    int epochs,
    int subtasks,
    int shuffle,
    List<Long> draws) {

  /** Changes may be delivered in any order. */
  static final int ANY_ORDER = Integer.MAX_VALUE;

  private static final double DUPLICATES = 0.3;
  private static final String[] REGIONS = {"north", "south", "east"};

  Shape shape() {
    return new Shape("table", tie, traits);
  }

  /** The history in the source's order, each change once. */
  List<Assembled> history() {
    Shape shape = shape();
    long[] versions = new long[keys];
    List<Assembled> history = new ArrayList<>();
    for (int i = 0; i < draws.size(); i++) {
      history.add(shape.assemble(say(i, draws.get(i), versions)));
    }
    return history;
  }

  /**
   * Takes the bits of {@code draw} from the low end, so that a smaller number is a simpler change.
   */
  private Said say(int serial, long draw, long[] versions) {
    int key = (int) (bits(draw, 0, 16) % keys);
    boolean sameVersion = bits(draw, 16, 10) < 205;
    versions[key] += sameVersion ? 0 : 1 + bits(draw, 26, 1);
    Long order = orderOf(bits(draw, 28, 3));
    Operation operation = bits(draw, 32, 4) >= 12 ? Operation.DELETE : Operation.UPSERT;
    // A late delete tells of a version long gone.
    boolean late = operation == Operation.DELETE && bits(draw, 36, 2) == 3;
    String region = REGIONS[(int) bits(draw, 38, 2) % REGIONS.length];
    String payload = "payload " + bits(draw, 40, 2);
    long version = late ? versions[key] / 2 : versions[key];
    return new Said(
        serial,
        key,
        version,
        traits.contains(Trait.ORDERED) ? order : null,
        operation,
        timeMillis(version),
        region,
        payload);
  }

  /**
   * Time and version agree: of two changes of a key, the one of the greater version is not older.
   */
  private static long timeMillis(long version) {
    return 1_000 * (version / 3);
  }

  private static Long orderOf(long bits) {
    return bits == 7 ? null : bits / 2;
  }

  private static long bits(long draw, int from, int count) {
    return draw >>> from & (1L << count) - 1;
  }

  /** The history as it is delivered: duplicated, shuffled, late deletes last. */
  List<Assembled> delivery() {
    Random random = new Random(seed);
    record Delivered(Assembled change, long place) {}
    List<Delivered> deliveries = new ArrayList<>();
    List<Assembled> history = history();
    for (int i = 0; i < history.size(); i++) {
      do {
        deliveries.add(new Delivered(history.get(i), place(random, i, history.size())));
      } while (random.nextDouble() < DUPLICATES);
    }
    deliveries.sort(Comparator.comparingLong(Delivered::place));
    return deliveries.stream().map(Delivered::change).toList();
  }

  private long place(Random random, int index, int count) {
    boolean last = (draws.get(index) >>> 44 & 15) == 15;
    int reach = shuffle == ANY_ORDER ? count : shuffle;
    long place = (shuffle == ANY_ORDER ? 0 : index) + (reach == 0 ? 0 : random.nextInt(reach));
    return last && draws.get(index) < 0 ? Long.MAX_VALUE : place;
  }

  @Override
  public String toString() {
    return "seed "
        + seed
        + ", "
        + tie
        + ", "
        + traits
        + ", "
        + keys
        + " keys, "
        + epochs
        + " epochs, "
        + subtasks
        + " subtasks, shuffle "
        + shuffle
        + ", changes "
        + draws;
  }
}
