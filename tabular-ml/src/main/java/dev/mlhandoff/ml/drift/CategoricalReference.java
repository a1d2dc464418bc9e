package dev.mlhandoff.ml.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What training saw of a categorical column; rare categories share a bin. */
public final class CategoricalReference {

  private static final double RARE = 0.01;

  private final String column;
  private final Map<String, Integer> bins = new HashMap<>();
  private final int present;
  private final int missing;
  private final @Nullable StabilityIndex index;
  private final int binCount;

  /**
   * For windows of one size.
   *
   * @param values of training, null where missing
   * @param window rows of a window
   */
  public CategoricalReference(String column, @Nullable String[] values, int window) {
    this.column = column;
    Map<String, Integer> counts = new TreeMap<>();
    for (@Nullable String value : values) {
      if (value != null) {
        counts.merge(value, 1, Integer::sum);
      }
    }
    this.present = counts.values().stream().mapToInt(Integer::intValue).sum();
    this.missing = values.length - present;
    List<Long> sizes = new ArrayList<>();
    long rare = 0;
    List<String> rareNames = new ArrayList<>();
    for (Map.Entry<String, Integer> entry : counts.entrySet()) {
      if (entry.getValue() < RARE * present) {
        rareNames.add(entry.getKey());
        rare += entry.getValue();
      } else {
        bins.put(entry.getKey(), sizes.size());
        sizes.add((long) entry.getValue());
      }
    }
    if (rare > 0) {
      int place = sizes.size();
      rareNames.forEach(name -> bins.put(name, place));
      sizes.add(rare);
    }
    this.binCount = sizes.size();
    this.index =
        binCount < 2
            ? null
            : new StabilityIndex(sizes.stream().mapToLong(Long::longValue).toArray(), window);
  }

  /**
   * The tests of a window.
   *
   * @param window null where missing
   */
  public List<ColumnTest> compare(@Nullable String[] window) {
    List<ColumnTest> tests = new ArrayList<>();
    String[] values = Arrays.stream(window).filter(Objects::nonNull).toArray(String[]::new);
    Shares.test(
            column,
            "missing",
            window.length - values.length,
            window.length,
            missing,
            present + missing)
        .ifPresent(tests::add);
    long[] counts = new long[binCount];
    long unseen = 0;
    for (String value : values) {
      Integer bin = bins.get(value);
      if (bin == null) {
        unseen++;
      } else {
        counts[bin]++;
      }
    }
    if (values.length > 0 && present > 0) {
      Shares.test(column, "unseen", unseen, values.length, 0, present).ifPresent(tests::add);
    }
    if (index != null && unseen < values.length) {
      double psi = index.of(counts);
      tests.add(new ColumnTest(column, "psi", psi, index.pValue(psi)));
    }
    return tests;
  }
}
