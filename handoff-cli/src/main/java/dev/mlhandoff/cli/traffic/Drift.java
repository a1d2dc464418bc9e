package dev.mlhandoff.cli.traffic;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A change of the world.
 *
 * @param deviations by how many of its standard deviations the feature is shifted
 */
public record Drift(String feature, double deviations) {

  private static final Pattern FORM = Pattern.compile("(.+)=([+-]?\\d+(?:\\.\\d+)?)");

  /**
   * Reads {@code FEATURE=SHIFT}.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Drift parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not FEATURE=SHIFT, for example recency_days=0.5");
    }
    return new Drift(form.group(1), Double.parseDouble(form.group(2)));
  }

  /** The case after the change; a missing value stays missing. */
  Case apply(Case before, double deviation) {
    if (!(before.features().get(feature) instanceof Number number)) {
      return before;
    }
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(before.features());
    changed.put(feature, number.doubleValue() + deviations * deviation);
    return new Case(before.entity(), changed, before.outcome());
  }
}
