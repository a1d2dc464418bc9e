package dev.mlhandoff.cli.traffic;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/** The entities in a seeded order, each once a pass, and each pass in an order of its own. */
public final class World {

  private final List<Case> cases;
  private final long seed;
  private List<Case> pass = List.of();
  private int passes;
  private int next;

  private World(List<Case> cases, long seed) {
    this.cases = cases;
    this.seed = seed;
  }

  /**
   * A world that has changed.
   *
   * @throws IOException if there is nobody in it, or it has no such numeric feature, in words for
   *     the user
   */
  public static World of(List<Case> cases, List<Drift> drifts, long seed) throws IOException {
    if (cases.isEmpty()) {
      throw new IOException("the model's run held no rows out of its training");
    }
    List<Case> changed = cases;
    for (Drift drift : drifts) {
      double deviation = deviation(changed, drift.feature());
      changed = changed.stream().map(before -> drift.apply(before, deviation)).toList();
    }
    return new World(changed, seed);
  }

  public int size() {
    return cases.size();
  }

  /** The next entity; there is always one. */
  public Case next() {
    if (next == pass.size()) {
      pass = new ArrayList<>(cases);
      Collections.shuffle(pass, new Random(seed + passes++));
      next = 0;
    }
    return pass.get(next++);
  }

  private static double deviation(List<Case> cases, String feature) throws IOException {
    double[] values =
        cases.stream()
            .map(one -> one.features().get(feature))
            .filter(Number.class::isInstance)
            .mapToDouble(value -> ((Number) value).doubleValue())
            .toArray();
    if (values.length == 0) {
      throw new IOException(
          "no numeric feature is called %s; there are %s"
              .formatted(feature, String.join(", ", numeric(cases))));
    }
    double mean = Arrays.stream(values).sum() / values.length;
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / values.length);
  }

  private static SortedSet<String> numeric(List<Case> cases) {
    SortedSet<String> names = new TreeSet<>();
    for (Case one : cases) {
      one.features()
          .forEach(
              (name, value) -> {
                if (value instanceof Number) {
                  names.add(name);
                }
              });
    }
    return names;
  }
}
