package dev.mlhandoff.gate.governance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts rows into the groups of a protected attribute. */
public final class Groups {

  static final String MISSING = "(missing)";

  private Groups() {}

  /** Rows by value of a textual attribute. */
  public static SortedMap<String, int[]> of(@Nullable String[] values) {
    Map<String, List<Integer>> rows = new TreeMap<>();
    for (int i = 0; i < values.length; i++) {
      String value = values[i] == null ? MISSING : values[i];
      rows.computeIfAbsent(value, v -> new ArrayList<>()).add(i);
    }
    SortedMap<String, int[]> groups = new TreeMap<>();
    rows.forEach(
        (value, members) ->
            groups.put(value, members.stream().mapToInt(Integer::intValue).toArray()));
    return groups;
  }

  /**
   * Rows by value of a numeric attribute; one with more values than bands is cut at its quantiles.
   *
   * @param bands at least 1
   */
  public static SortedMap<String, int[]> of(double[] values, int bands) {
    double[] known = Arrays.stream(values).filter(value -> !Double.isNaN(value)).sorted().toArray();
    boolean few = Arrays.stream(known).distinct().count() <= bands;
    double[] cuts = few ? new double[0] : cuts(known, bands);
    @Nullable String[] names = new @Nullable String[values.length];
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        names[i] = few ? number(values[i]) : band(values[i], cuts);
      }
    }
    return of(names);
  }

  private static double[] cuts(double[] sorted, int bands) {
    double[] cuts = new double[bands - 1];
    for (int b = 1; b < bands; b++) {
      cuts[b - 1] = sorted[(int) ((long) b * sorted.length / bands)];
    }
    return Arrays.stream(cuts).distinct().toArray();
  }

  private static String band(double value, double[] cuts) {
    int band = 0;
    while (band < cuts.length && value >= cuts[band]) {
      band++;
    }
    if (band == 0) {
      return "below " + number(cuts[0]);
    }
    return band == cuts.length
        ? number(cuts[band - 1]) + " and above"
        : number(cuts[band - 1]) + " to below " + number(cuts[band]);
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }
}
