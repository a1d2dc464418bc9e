package dev.mlhandoff.ior.serving;

import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Checks a raw record against a model's columns. A column that is left out, or null, is a missing
 * value, as it was in training; an unknown one is an error, because it is most likely a typo.
 */
public final class RecordValidator {

  private RecordValidator() {}

  /** One broken rule. */
  public record Violation(String field, String rule, String message) {}

  /** Every broken rule, in the order of the fields. */
  public static List<Violation> violations(List<RawColumn> schema, Map<String, ?> record) {
    List<Violation> found = new ArrayList<>();
    for (Map.Entry<String, ?> entry : record.entrySet()) {
      RawColumn column =
          schema.stream().filter(c -> c.name().equals(entry.getKey())).findFirst().orElse(null);
      Object value = entry.getValue();
      if (column == null) {
        found.add(new Violation(entry.getKey(), "unknown", "the model has no such feature"));
      } else if (value != null && column.kind() == Kind.NUMERIC) {
        if (!(value instanceof Number number)) {
          found.add(new Violation(entry.getKey(), "type", "a number is expected"));
        } else if (!Double.isFinite(number.doubleValue())) {
          found.add(new Violation(entry.getKey(), "finite", "a finite number is expected"));
        }
      } else if (value != null && !(value instanceof String)) {
        found.add(new Violation(entry.getKey(), "type", "a text is expected"));
      }
    }
    return found;
  }
}
