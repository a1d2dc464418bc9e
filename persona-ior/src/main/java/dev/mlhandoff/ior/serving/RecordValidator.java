package dev.mlhandoff.ior.serving;

import dev.mlhandoff.ior.serving.DeviationPolicy.Action;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.bundle.ObservedColumn;
import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks raw records against a model's columns. A column that is left out, or null, is a missing
 * value, as it was in training; an unknown one is an error, because it is most likely a typo. What
 * differs from all that training saw is refused or warned of, as the policy says.
 */
public final class RecordValidator {

  private final Map<String, Kind> kinds;
  private final Map<String, ObservedColumn> observed;
  private final DeviationPolicy policy;

  /**
   * @param schema the columns that a record may have
   * @param observed what training saw of the columns that the model reads
   */
  RecordValidator(List<RawColumn> schema, List<ObservedColumn> observed, DeviationPolicy policy) {
    this.kinds = schema.stream().collect(Collectors.toMap(RawColumn::name, RawColumn::kind));
    this.observed = new LinkedHashMap<>();
    observed.forEach(column -> this.observed.put(column.column(), column));
    this.policy = policy;
  }

  /** For the records of a bundle. */
  public static RecordValidator of(ModelBundle bundle, DeviationPolicy policy) {
    Map<String, ObservedColumn> seen =
        bundle.observed().stream()
            .collect(Collectors.toMap(ObservedColumn::column, Function.identity()));
    List<ObservedColumn> read =
        bundle.description().pipeline().features().stream()
            .flatMap(feature -> feature.sources().stream())
            .distinct()
            .filter(seen::containsKey)
            .map(seen::get)
            .toList();
    return new RecordValidator(bundle.schema(), read, policy);
  }

  /** One rule that a record breaks, or would. */
  public record Violation(String field, String rule, String message) {}

  /** Everything there is to say of a record, in the order of its fields, missing ones last. */
  public record Findings(List<Violation> violations, List<Violation> warnings) {

    private void add(Action action, Violation violation) {
      (action == Action.REFUSE ? violations : warnings).add(violation);
    }
  }

  /** Every broken rule. */
  public Findings check(Map<String, ? extends @Nullable Object> record) {
    Findings findings = new Findings(new ArrayList<>(0), new ArrayList<>(0));
    for (Map.Entry<String, ? extends @Nullable Object> entry : record.entrySet()) {
      check(entry.getKey(), entry.getValue(), findings);
    }
    for (ObservedColumn column : observed.values()) {
      if (column.missing() == 0 && record.get(column.column()) == null) {
        findings.add(
            policy.missing(),
            new Violation(column.column(), "missing", "training never saw it missing"));
      }
    }
    return findings;
  }

  private void check(String field, @Nullable Object value, Findings findings) {
    Kind kind = kinds.get(field);
    if (kind == null) {
      findings.add(Action.REFUSE, new Violation(field, "unknown", "the model has no such feature"));
    } else if (value == null) {
      return;
    } else if (kind == Kind.CATEGORICAL) {
      checkCategory(field, value, findings);
    } else if (!(value instanceof Number number)) {
      findings.add(Action.REFUSE, new Violation(field, "type", "a number is expected"));
    } else {
      checkNumber(field, number.doubleValue(), findings);
    }
  }

  private void checkNumber(String field, double value, Findings findings) {
    if (!Double.isFinite(value)) {
      findings.add(Action.REFUSE, new Violation(field, "finite", "a finite number is expected"));
      return;
    }
    ObservedColumn column = observed.get(field);
    if (column == null || column.smallest() == null || column.largest() == null) {
      return;
    }
    double smallest = column.smallest();
    double largest = column.largest();
    if (value < smallest || value > largest) {
      findings.add(
          policy.outOfRange(),
          new Violation(
              field, "range", "training saw %s to %s, not %s".formatted(smallest, largest, value)));
    }
  }

  private void checkCategory(String field, Object value, Findings findings) {
    if (!(value instanceof String text)) {
      findings.add(Action.REFUSE, new Violation(field, "type", "a text is expected"));
      return;
    }
    ObservedColumn column = observed.get(field);
    SortedSet<String> categories = column == null ? null : column.categories();
    if (categories != null && !categories.contains(text)) {
      // Without the value: it may be anything, and answers end up in logs.
      findings.add(
          policy.unknownCategory(),
          new Violation(field, "category", "training never saw this category"));
    }
  }
}
