package dev.mlhandoff.ml.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What training saw of a categorical column; rare categories share a bin. */
public final class CategoricalReference {

  private static final double RARE = 0.01;

  private final String column;
  private final Map<String, Integer> bins = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final long[] sizes;
  private final int present;
  private final int missing;
  private final int once;

  /**
   * @param values of training, null where missing
   */
  public CategoricalReference(String column, @Nullable String[] values) {
    this.column = column;
    Map<String, Integer> counts = new TreeMap<>();
    for (@Nullable String value : values) {
      if (value != null) {
        counts.merge(value, 1, Integer::sum);
      }
    }
    this.present = counts.values().stream().mapToInt(Integer::intValue).sum();
    this.missing = values.length - present;
    this.once = (int) counts.values().stream().filter(count -> count == 1).count();
    List<Long> filled = new ArrayList<>();
    List<String> rare = new ArrayList<>();
    for (Map.Entry<String, Integer> entry : counts.entrySet()) {
      if (entry.getValue() < RARE * present) {
        rare.add(entry.getKey());
      } else {
        bins.put(entry.getKey(), filled.size());
        names.add(entry.getKey());
        filled.add((long) entry.getValue());
      }
    }
    if (!rare.isEmpty()) {
      rare.forEach(name -> bins.put(name, filled.size()));
      names.add("(rare)");
      filled.add(rare.stream().mapToLong(name -> counts.getOrDefault(name, 0)).sum());
    }
    this.sizes = filled.stream().mapToLong(Long::longValue).toArray();
  }

  public String column() {
    return column;
  }

  /**
   * The tests of a window.
   *
   * @param window null where missing
   */
  public List<ColumnTest> compare(@Nullable String[] window) {
    List<ColumnTest> tests = new ArrayList<>();
    String[] values = present(window);
    Shares.test(
            column,
            "missing",
            window.length - values.length,
            window.length,
            missing,
            present + missing)
        .ifPresent(tests::add);
    long[] counts = counts(values);
    long seen = Arrays.stream(counts).sum();
    if (values.length > 0 && present > 0) {
      Shares.test(column, "unseen", values.length - seen, values.length, 0, present)
          .ifPresent(tests::add);
    }
    index(Math.toIntExact(seen))
        .ifPresent(
            index -> {
              double psi = index.of(counts);
              tests.add(new ColumnTest(column, "psi", psi, index.pValue(psi)));
            });
    return tests;
  }

  /** A window over the categories of training. */
  public Histogram histogram(@Nullable String[] window) {
    String[] values = present(window);
    long[] counts = counts(values);
    return new Histogram(
        names,
        Arrays.stream(sizes).boxed().toList(),
        Arrays.stream(counts).boxed().toList(),
        window.length - values.length,
        values.length - Arrays.stream(counts).sum());
  }

  /** The index of so many values of known categories; empty if there are not two bins. */
  Optional<StabilityIndex> index(int values) {
    return sizes.length < 2 || values == 0
        ? Optional.empty()
        : Optional.of(new StabilityIndex(sizes, values));
  }

  double missingShare() {
    return present + missing == 0 ? 0 : (double) missing / (present + missing);
  }

  /** Share of the values that stand in training only once. */
  double onceShare() {
    return present == 0 ? 0 : (double) once / present;
  }

  /**
   * Whether there are more unknown values than there would be if each value of training were
   * compared with all others of it.
   */
  Optional<ColumnTest> unknown(int unknown, int values) {
    return values == 0 || present == 0
        ? Optional.empty()
        : Shares.test(column, "unseen", unknown, values, once, present);
  }

  private long[] counts(String[] values) {
    long[] counts = new long[sizes.length];
    for (String value : values) {
      Integer bin = bins.get(value);
      if (bin != null) {
        counts[bin]++;
      }
    }
    return counts;
  }

  private static String[] present(@Nullable String[] values) {
    return Arrays.stream(values).filter(Objects::nonNull).toArray(String[]::new);
  }
}
