package dev.mlhandoff.gate.governance;

import dev.mlhandoff.gate.governance.GovernancePolicy.FairnessRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares the groups of every protected attribute. Selection rates are compared by their ratio,
 * which even a perfect classifier fails where base rates differ; true-positive rates by their
 * difference (equal opportunity; Hardt, Price and Srebro 2016).
 */
public final class Fairness {

  private static final String[] EVIDENCE = {
    "data_pipeline/audit-attributes",
    "data_pipeline/dataset-description",
    "data_pipeline/dataset",
    "training/oof-predictions",
    "training/model-bundle"
  };
  private static final String[] NOTHING = {"data_pipeline/dataset-description"};

  private final FairnessRule rule;
  private final SortedMap<String, List<Group>> attributes;

  private Fairness(FairnessRule rule, SortedMap<String, List<Group>> attributes) {
    this.rule = rule;
    this.attributes = attributes;
  }

  /** A pair of groups and how their true-positive rates differ. */
  private record Pair(Group first, Group second, RateDifference difference) {}

  /**
   * Counts every group.
   *
   * @param members rows by attribute and value
   * @param scores calibrated out-of-fold probabilities
   * @param threshold decision threshold of the model
   * @param favourable the favourable class, 0 or 1
   */
  public static Fairness of(
      FairnessRule rule,
      SortedMap<String, SortedMap<String, int[]>> members,
      double[] scores,
      double threshold,
      int[] labels,
      int favourable) {
    int[] decisions = new int[scores.length];
    for (int i = 0; i < scores.length; i++) {
      decisions[i] = scores[i] >= threshold ? 1 : 0;
    }
    SortedMap<String, List<Group>> attributes = new TreeMap<>();
    members.forEach(
        (attribute, values) -> {
          List<Group> groups = new ArrayList<>();
          values.forEach(
              (value, rows) ->
                  groups.add(
                      Group.of(attribute, value, rows, scores, decisions, labels, favourable)));
          attributes.put(attribute, groups);
        });
    return new Fairness(rule, attributes);
  }

  /** Every group, by attribute and value. */
  public List<Group> groups() {
    return attributes.values().stream().flatMap(List::stream).toList();
  }

  /** Fails where the interval of some pair of large enough groups lies wholly beyond the limit. */
  public Finding equalOpportunity() {
    Pair worst = null;
    List<String> beyond = new ArrayList<>();
    for (List<Group> groups : attributes.values()) {
      List<Group> judged =
          groups.stream().filter(group -> group.positives() >= rule.minimumPositives()).toList();
      for (Pair pair : pairs(judged)) {
        if (worst == null || pair.difference().distance() > worst.difference().distance()) {
          worst = pair;
        }
        if (pair.difference().isWhollyBeyond(rule.equalOpportunityDifference())) {
          beyond.add(sentence(pair));
        }
      }
    }
    if (worst == null) {
      return Finding.of(
          CheckIds.EQUAL_OPPORTUNITY,
          true,
          "no protected attribute has two groups with %d positives or more"
              .formatted(rule.minimumPositives()),
          attributes.isEmpty() ? NOTHING : EVIDENCE);
    }
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("difference", worst.difference().difference());
    numbers.put("lower", worst.difference().lower());
    numbers.put("upper", worst.difference().upper());
    numbers.put("limit", rule.equalOpportunityDifference());
    for (Group group : List.of(worst.first(), worst.second())) {
      numbers.put(group.name() + " true-positive rate", group.truePositiveRate());
      numbers.put(group.name() + " positives", (double) group.positives());
    }
    return Finding.of(
        CheckIds.EQUAL_OPPORTUNITY,
        beyond.isEmpty(),
        beyond.isEmpty()
            ? "no difference is wholly beyond %s; the widest: %s"
                .formatted(rule.equalOpportunityDifference(), sentence(worst))
            : String.join("; ", beyond),
        numbers,
        EVIDENCE);
  }

  /** Fails where the lowest selection rate of an attribute is under the ratio of the highest. */
  public Finding selectionRates(@Nullable Integer declared) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    List<String> seen = new ArrayList<>();
    boolean passed = true;
    for (Map.Entry<String, List<Group>> attribute : attributes.entrySet()) {
      Group lowest = null;
      Group highest = null;
      for (Group group : attribute.getValue()) {
        if (group.rows() >= rule.minimumRows()) {
          lowest =
              lowest == null || group.selectionRate() < lowest.selectionRate() ? group : lowest;
          highest =
              highest == null || group.selectionRate() > highest.selectionRate() ? group : highest;
        }
      }
      if (lowest != null && highest != null && highest.selected() > 0) {
        double ratio = lowest.selectionRate() / highest.selectionRate();
        passed &= ratio >= rule.selectionRateRatio();
        numbers.put(attribute.getKey() + " ratio", ratio);
        seen.add(
            "%s: ratio %.3f, %.3f of %s (base rate %.3f) against %.3f of %s (base rate %.3f)"
                .formatted(
                    attribute.getKey(),
                    ratio,
                    lowest.selectionRate(),
                    lowest.value(),
                    lowest.baseRate(),
                    highest.selectionRate(),
                    highest.value(),
                    highest.baseRate()));
      }
    }
    numbers.put("limit", rule.selectionRateRatio());
    if (declared == null && !attributes.isEmpty()) {
      seen.add("the catalog names no favourable decision, class 1 was taken");
    }
    return Finding.of(
        CheckIds.SELECTION_RATES,
        passed,
        seen.isEmpty() ? "no protected attribute has groups to compare" : String.join("; ", seen),
        numbers,
        attributes.isEmpty() ? NOTHING : EVIDENCE);
  }

  /**
   * Fails where a group's ranking is certainly worse than the project asks for.
   *
   * @param lowest the AUC-ROC that the upper bound of every group must reach
   */
  public Finding groupAuc(double lowest) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("limit", lowest);
    List<String> below = new ArrayList<>();
    for (Group group : groups()) {
      if (!Double.isNaN(group.auc())) {
        numbers.put(group.name(), group.auc());
        if (group.aucUpper() < lowest) {
          below.add(
              "%s ranks with an AUC-ROC of %.3f (%.3f to %.3f), below %.3f"
                  .formatted(
                      group.name(), group.auc(), group.aucLower(), group.aucUpper(), lowest));
        }
      }
    }
    return Finding.of(
        CheckIds.GROUP_AUC,
        below.isEmpty(),
        below.isEmpty()
            ? "no group is certainly below %.3f".formatted(lowest)
            : String.join("; ", below),
        numbers,
        attributes.isEmpty() ? NOTHING : EVIDENCE);
  }

  private static List<Pair> pairs(List<Group> groups) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      for (int j = i + 1; j < groups.size(); j++) {
        Group a = groups.get(i);
        Group b = groups.get(j);
        pairs.add(
            new Pair(
                a,
                b,
                RateDifference.of(
                    a.truePositives(), a.positives(), b.truePositives(), b.positives())));
      }
    }
    return pairs;
  }

  private static String sentence(Pair pair) {
    return "%s and %s: true-positive rates %.3f of %d and %.3f of %d, difference %.3f (95 %% interval %.3f to %.3f)"
        .formatted(
            pair.first().name(),
            pair.second().name(),
            pair.first().truePositiveRate(),
            pair.first().positives(),
            pair.second().truePositiveRate(),
            pair.second().positives(),
            pair.difference().difference(),
            pair.difference().lower(),
            pair.difference().upper());
  }
}
