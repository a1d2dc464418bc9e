package dev.mlhandoff.gate.governance;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one check saw; there is none without evidence.
 *
 * @param check id of the check, as the policy names it
 * @param text what was seen, in a sentence
 * @param numbers the figures that decided, by name
 * @param evidence artifacts that were looked at, as {@code stage/role}
 */
public record Finding(
    String check,
    boolean passed,
    String text,
    SortedMap<String, Double> numbers,
    List<String> evidence) {

  public Finding {
    numbers = new TreeMap<>(numbers);
    evidence = List.copyOf(evidence);
    if (evidence.isEmpty()) {
      throw new IllegalArgumentException("a finding needs evidence");
    }
  }

  /** A finding without figures. */
  public static Finding of(String check, boolean passed, String text, String... evidence) {
    return new Finding(check, passed, text, new TreeMap<>(), List.of(evidence));
  }

  /** A finding with figures. */
  public static Finding of(
      String check, boolean passed, String text, Map<String, Double> numbers, String... evidence) {
    return new Finding(check, passed, text, new TreeMap<>(numbers), List.of(evidence));
  }
}
