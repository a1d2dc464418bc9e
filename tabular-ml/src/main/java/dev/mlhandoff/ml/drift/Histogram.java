package dev.mlhandoff.ml.drift;

import java.util.List;

/**
 * How the values of a column fall into the bins of its reference.
 *
 * @param bins what each bin holds, for people: a category, or an upper bound
 * @param reference values of training in each bin
 * @param window values of the window in each bin
 * @param missing values of the window that are missing
 * @param unseen values of the window that fit no bin
 */
public record Histogram(
    List<String> bins, List<Long> reference, List<Long> window, long missing, long unseen) {

  public Histogram {
    bins = List.copyOf(bins);
    reference = List.copyOf(reference);
    window = List.copyOf(window);
  }
}
