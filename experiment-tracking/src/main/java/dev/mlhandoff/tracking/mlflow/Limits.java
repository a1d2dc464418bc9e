package dev.mlhandoff.tracking.mlflow;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What every MLflow store takes: its REST reference guarantees 250 bytes of key, 6,000 of parameter
 * and 5,000 of tag, and servers cut longer values without a word.
 */
final class Limits {

  static final int METRICS_IN_A_BATCH = 1000;
  static final int PARAMETERS_IN_A_BATCH = 100;
  static final int TAGS_IN_A_BATCH = 100;
  static final int PARAMETER_BYTES = 6000;
  static final int TAG_BYTES = 5000;

  private static final int KEY_BYTES = 250;
  private static final String CUT = "...";
  // Colons are missing on purpose: a server on Windows refuses them.
  private static final Pattern REFUSED = Pattern.compile("[^A-Za-z0-9_./ -]");

  private Limits() {}

  /**
   * The name of a parameter, metric or tag as a server takes it. A name that had to be changed ends
   * in a hash of the original, so that two never become one.
   */
  static String key(String name) {
    String clean = REFUSED.matcher(name).replaceAll("_");
    boolean isPath =
        clean.isEmpty()
            || clean.startsWith("/")
            || clean.endsWith("/")
            || clean.contains("//")
            || List.of(clean.split("/", -1)).stream()
                .anyMatch(p -> p.equals(".") || p.equals(".."));
    if (isPath) {
      clean = clean.replace('/', '_').replace('.', '_');
    }
    if (!name.isEmpty() && clean.equals(name) && clean.length() <= KEY_BYTES) {
      return name;
    }
    String hash = "_%08x".formatted(name.hashCode());
    return clean.substring(0, Math.min(clean.length(), KEY_BYTES - hash.length())) + hash;
  }

  /** A value of at most so many bytes of UTF-8; one that was cut says so at its end. */
  static String value(String text, int limit) {
    if (text.getBytes(StandardCharsets.UTF_8).length <= limit) {
      return text;
    }
    StringBuilder kept = new StringBuilder();
    int bytes = CUT.length();
    for (int point : text.codePoints().toArray()) {
      bytes += Character.toString(point).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > limit) {
        break;
      }
      kept.appendCodePoint(point);
    }
    return kept + CUT;
  }

  /** The list in parts of a size. */
  static <T> List<List<T>> parts(List<T> all, int size) {
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      parts.add(all.subList(from, Math.min(all.size(), from + size)));
    }
    return parts;
  }
}
