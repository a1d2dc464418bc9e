package dev.mlhandoff.gate.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlhandoff.gate.governance.GovernancePolicy.FairnessRule;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Known answers, computed by hand or from the literature. */
class FairnessTest {

  private static final FairnessRule RULE = new FairnessRule(0.8, 0.1, 50, 30, 4);

  /** Rows of two groups; scores 1 and 0 stand for the decisions. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record People(double[] scores, int[] labels, SortedMap<String, int[]> groups) {

    /**
     * Builds groups from counts.
     *
     * @param counts by group: true positives, false negatives, false positives, true negatives
     */
    static People of(Map<String, int[]> counts) {
      int rows = counts.values().stream().flatMapToInt(Arrays::stream).sum();
      double[] scores = new double[rows];
      int[] labels = new int[rows];
      SortedMap<String, int[]> groups = new TreeMap<>();
      int row = 0;
      for (Map.Entry<String, int[]> group : new TreeMap<>(counts).entrySet()) {
        int first = row;
        for (int cell = 0; cell < 4; cell++) {
          for (int i = 0; i < group.getValue()[cell]; i++, row++) {
            scores[row] = cell % 2 == 0 ? 1 : 0;
            labels[row] = cell < 2 ? 1 : 0;
          }
        }
        int[] members = new int[row - first];
        Arrays.setAll(members, i -> first + i);
        groups.put(group.getKey(), members);
      }
      return new People(scores, labels, groups);
    }

    Fairness fairness(int favourable) {
      return Fairness.of(
          RULE, new TreeMap<>(Map.of("sex", groups)), scores, 0.5, labels, favourable);
    }
  }

  @Test
  void intervalOfTheDifferenceIsThatOfNewcombe() {
    // Newcombe 1998, table II, method 10: 56/70 - 48/80 gives 0.0524 to 0.3339.
    RateDifference difference = RateDifference.of(56, 70, 48, 80);

    assertThat(difference.difference()).isCloseTo(0.2, within(1e-12));
    assertThat(difference.lower()).isCloseTo(0.0524, within(5e-5));
    assertThat(difference.upper()).isCloseTo(0.3339, within(5e-5));
    // Same table: 9/10 - 3/10 gives 0.1705 to 0.8090, and 0/10 - 0/20 gives -0.1611 to 0.2775.
    assertThat(RateDifference.of(9, 10, 3, 10).lower()).isCloseTo(0.1705, within(5e-5));
    assertThat(RateDifference.of(9, 10, 3, 10).upper()).isCloseTo(0.8090, within(5e-5));
    assertThat(RateDifference.of(0, 10, 0, 20).lower()).isCloseTo(-0.1611, within(5e-5));
    assertThat(RateDifference.of(0, 10, 0, 20).upper()).isCloseTo(0.2775, within(5e-5));
  }

  @Test
  void countsEveryGroup() {
    Fairness fairness =
        People.of(Map.of("f", new int[] {40, 10, 20, 30}, "m", new int[] {60, 20, 5, 15}))
            .fairness(1);

    Group women = fairness.groups().get(0);
    assertThat(women.name()).isEqualTo("sex=f");
    assertThat(women.rows()).isEqualTo(100);
    assertThat(women.baseRate()).isEqualTo(0.5);
    assertThat(women.selectionRate()).isEqualTo(0.6);
    assertThat(women.truePositiveRate()).isEqualTo(0.8);
    // One cut: the mean of sensitivity and specificity, (0.8 + 0.6) / 2.
    assertThat(women.auc()).isCloseTo(0.7, within(1e-12));
  }

  @Test
  void judgesTheOtherClassWhereThatIsTheFavourableOne() {
    Group women = People.of(Map.of("f", new int[] {40, 25, 20, 30})).fairness(0).groups().get(0);

    assertThat(women.positives()).isEqualTo(50);
    assertThat(women.selected()).isEqualTo(55);
    assertThat(women.truePositiveRate()).isEqualTo(0.6);
  }

  @Test
  void aLargeDifferenceOfTruePositiveRatesFailsWithItsNumbers() {
    // 160 of 200 against 100 of 200: 0.3, Newcombe 0.2085 to 0.3850.
    Finding finding =
        People.of(Map.of("f", new int[] {100, 100, 0, 0}, "m", new int[] {160, 40, 0, 0}))
            .fairness(1)
            .equalOpportunity();

    assertThat(finding.passed()).isFalse();
    assertThat(finding.text()).contains("sex=f", "sex=m", "0.500 of 200", "0.800 of 200");
    assertThat(finding.numbers()).containsEntry("difference", 0.5 - 0.8);
    assertThat(finding.numbers().get("upper")).isCloseTo(-0.2091, within(2e-3));
  }

  @Test
  void aDifferenceWhoseIntervalReachesTheLimitPasses() {
    // The same rates at a tenth of the size: the interval is 0.01 to 0.55.
    Finding finding =
        People.of(Map.of("f", new int[] {25, 25, 0, 0}, "m", new int[] {40, 10, 0, 0}))
            .fairness(1)
            .equalOpportunity();
    RateDifference difference = RateDifference.of(25, 50, 40, 50);

    assertThat(difference.upper()).isBetween(-0.13, -0.1);
    assertThat(finding.passed()).isFalse();
    assertThat(
            People.of(Map.of("f", new int[] {26, 24, 0, 0}, "m", new int[] {38, 12, 0, 0}))
                .fairness(1)
                .equalOpportunity()
                .passed())
        .isTrue();
  }

  @Test
  void groupsWithFewPositivesAreNotJudged() {
    Finding finding =
        People.of(Map.of("f", new int[] {0, 49, 0, 500}, "m", new int[] {500, 0, 0, 500}))
            .fairness(1)
            .equalOpportunity();

    assertThat(finding.passed()).isTrue();
    assertThat(finding.text()).contains("two groups with 50 positives");
  }

  @Test
  void aPerfectClassifierMayFailTheFourFifthsRuleButNotEqualOpportunity() {
    Fairness fairness =
        People.of(Map.of("f", new int[] {60, 0, 0, 140}, "m", new int[] {100, 0, 0, 100}))
            .fairness(1);

    Finding rates = fairness.selectionRates(1);
    assertThat(rates.passed()).isFalse();
    assertThat(rates.numbers()).containsEntry("sex ratio", 0.6);
    assertThat(rates.text()).contains("base rate 0.300", "base rate 0.500");
    assertThat(fairness.equalOpportunity().passed()).isTrue();
  }

  @Test
  void fourFifthsAreEnoughAndSmallGroupsAreLeftOut() {
    Finding finding =
        People.of(
                Map.of(
                    "f", new int[] {40, 0, 0, 60},
                    "m", new int[] {50, 0, 0, 50},
                    "x", new int[] {0, 9, 0, 20}))
            .fairness(1)
            .selectionRates(null);

    assertThat(finding.passed()).isTrue();
    assertThat(finding.numbers()).containsEntry("sex ratio", 0.8);
    assertThat(finding.text()).contains("names no favourable decision");
  }

  @Test
  void aGroupThatIsRankedByChanceIsReported() {
    Fairness fairness =
        People.of(Map.of("f", new int[] {100, 100, 100, 100}, "m", new int[] {180, 20, 20, 180}))
            .fairness(1);

    Finding finding = fairness.groupAuc(0.65);
    assertThat(finding.passed()).isFalse();
    assertThat(finding.text()).contains("sex=f").doesNotContain("sex=m");
    assertThat(fairness.groupAuc(0.5).passed()).isTrue();
  }

  @Test
  void standardErrorIsThatOfHanleyAndMcNeil() {
    // By hand: AUC 0.8, 50 and 50 cases. Q1 = 0.8/1.2, Q2 = 1.28/1.8;
    // (0.16 + 49 * (0.66667 - 0.64) + 49 * (0.71111 - 0.64)) / 2500 = 0.0019804, root 0.044502.
    int[] labels = new int[100];
    Arrays.fill(labels, 0, 50, 1);

    assertThat(Group.standardError(0.8, labels)).isCloseTo(0.044503, within(1e-5));
  }

  @Test
  void withoutProtectedAttributesThereIsNothingToCompare() {
    Fairness none = Fairness.of(RULE, new TreeMap<>(), new double[] {0.1}, 0.5, new int[] {1}, 1);

    assertThat(none.equalOpportunity().passed()).isTrue();
    assertThat(none.selectionRates(1).passed()).isTrue();
    assertThat(none.groupAuc(0.65).passed()).isTrue();
  }

  @Test
  void cutsANumericAttributeAtItsQuartiles() {
    double[] ages = {20, 30, 40, 50, 60, 70, 80, 90, Double.NaN};

    assertThat(Groups.of(ages, 4))
        .containsOnlyKeys(
            "(missing)", "40 to below 60", "60 to below 80", "80 and above", "below 40")
        .containsEntry("below 40", new int[] {0, 1})
        .containsEntry("80 and above", new int[] {6, 7})
        .containsEntry("(missing)", new int[] {8});
    assertThat(Groups.of(new double[] {0, 1, 0}, 4)).containsOnlyKeys("0", "1");
  }
}
