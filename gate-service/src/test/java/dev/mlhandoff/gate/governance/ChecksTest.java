package dev.mlhandoff.gate.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.pipeline.FeaturePipeline;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import dev.mlhandoff.ml.table.RawTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksTest {

  @TempDir private Path folder;

  private static Lineage lineage(Map<String, List<String>> cleaned) {
    return new Lineage(
        new TreeMap<>(Map.of("flag", List.of("membership"), "orders", List.of("order_count"))),
        Map.of(
            "membership", List.of("entities.membership"),
            "order_count", List.of("events.event_time"),
            "dropped", List.of("entities.mail")),
        cleaned);
  }

  @Test
  void tracesEveryServedFeatureToItsSources() {
    Map<String, List<String>> cleaned =
        Map.of(
            "entities.membership", List.of("member_flag"),
            "events.event_time", List.of("bought_at"));

    assertThat(lineage(cleaned).complete().passed()).isTrue();
    assertThat(lineage(cleaned).sourcesOfServed("flag"))
        .containsExactly("member_flag", "membership");
    Finding broken = lineage(Map.of("entities.membership", List.of("member_flag"))).complete();
    assertThat(broken.passed()).isFalse();
    assertThat(broken.text()).contains("orders: no source of events.event_time");
  }

  @Test
  void namesTheFeatureThatIsMadeOfPersonalData() {
    Lineage lineage = lineage(Map.of("entities.mail", List.of("email")));

    Finding finding = lineage.withoutPersonalData(List.of("email", "name"));

    assertThat(finding.passed()).isFalse();
    assertThat(finding.text()).isEqualTo("dropped is computed from email");
    assertThat(lineage.withoutPersonalData(List.of("mail")).passed()).isFalse();
    assertThat(lineage.withoutPersonalData(List.of("name")).passed()).isTrue();
  }

  @Test
  void tellsHardChecksFromWarnings() {
    List<DataQuality.Check> checks =
        List.of(
            new DataQuality.Check("plan known", true, true, "0 others"),
            new DataQuality.Check("age sane", false, false, "3 below 0"));

    assertThat(DataQuality.hardChecks(checks).passed()).isTrue();
    assertThat(DataQuality.warnings(checks).text()).isEqualTo("age sane: 3 below 0");
    assertThat(DataQuality.hardChecks(List.of()).passed()).isFalse();
  }

  @Test
  void namesTheColumnThatAloneTellsTheAnswer() {
    int[] labels = IntStream.range(0, 1000).map(i -> i % 2).toArray();
    float[][] rows = new float[1000][2];
    for (int i = 0; i < rows.length; i++) {
      // Half a percent of the labels flipped: an AUC of 0.995, here of the reversed column.
      rows[i][0] = i < 5 ? labels[i] : 1 - labels[i];
      rows[i][1] = i % 7;
    }
    var alone = LeakAlarms.alone(List.of("flag", "orders"), rows, labels);

    Finding finding = LeakAlarms.finding(alone, 0.99, lineage(Map.of()), 0.51, 0.02, List.of());

    assertThat(alone.get("flag")).isGreaterThan(0.99);
    assertThat(finding.passed()).isFalse();
    assertThat(finding.text()).contains("column membership").doesNotContain("orders");
    alone.remove("flag");
    assertThat(LeakAlarms.finding(alone, 0.99, lineage(Map.of()), 0.51, 0.02, List.of()).passed())
        .isTrue();
    assertThat(LeakAlarms.finding(alone, 0.99, lineage(Map.of()), 0.57, 0.02, List.of()).passed())
        .isFalse();
    assertThat(
            LeakAlarms.finding(alone, 0.99, lineage(Map.of()), Double.NaN, 0.02, List.of())
                .passed())
        .isFalse();
    assertThat(
            LeakAlarms.finding(alone, 0.99, lineage(Map.of()), 0.51, 0.02, List.of("twice")).text())
        .isEqualTo("twice");
  }

  @Test
  void aFoldTrainedAgainComesOutAsReportedOrNot() {
    int n = 400;
    SplittableRandom random = new SplittableRandom(7);
    int[] fold = IntStream.range(0, n).map(i -> i % 4).toArray();
    int[] labels = IntStream.range(0, n).map(i -> (i / 4) % 2).toArray();
    double[] signal = Arrays.stream(labels).mapToDouble(y -> y + random.nextDouble(2)).toArray();
    RawTable table = RawTable.builder(n).numeric("signal", signal).build();
    Refit.Recipe recipe =
        new Refit.Recipe(
            "logistic_regression", ModelFamilies.named("logistic_regression").defaults(), 5, 42);
    double[] reported = outOfFold(table, labels, fold, recipe);

    Refit refit = Refit.of(table, labels, fold, reported, recipe);

    assertThat(refit.distance()).isZero();
    assertThat(refit.finding(refit.auc(), List.of()).passed()).isTrue();
    assertThat(refit.finding(refit.auc() + 1e-5, List.of()).passed()).isFalse();
    assertThat(refit.finding(refit.auc(), List.of("the seed")).text()).contains("the seed");
    double[] other = reported.clone();
    other[refit.fold()] += 1e-3;
    assertThat(
            Refit.of(table, labels, fold, other, recipe).finding(refit.auc(), List.of()).passed())
        .isFalse();
  }

  @Test
  void comesWithARuleForEveryCheck() throws IOException {
    GovernancePolicy policy = GovernancePolicy.load(null);

    assertThat(policy.checks().keySet()).isEqualTo(CheckIds.ALL);
    assertThat(policy.rule(CheckIds.LEAK_ALARMS).hardStop()).isEqualTo(CheckRule.HardStop.PARK);
    assertThat(policy.rule(CheckIds.EQUAL_OPPORTUNITY).severity())
        .isEqualTo(CheckRule.Severity.MANDATORY);
    assertThat(policy.fairness().minimumPositives()).isEqualTo(50);
  }

  @Test
  void saysWhatIsWrongWithAPolicy() throws IOException {
    Path unknown = written("  group-auc:", "  beauty:");
    Path soft = written("    severity: advisory", "    severity: polite");
    Path both = written("    severity: mandatory", "    severity: advisory\n    hardStop: end");

    assertThatThrownBy(() -> GovernancePolicy.load(unknown)).hasMessageContaining("beauty");
    assertThatThrownBy(() -> GovernancePolicy.load(soft)).hasMessageContaining("polite");
    assertThatThrownBy(() -> GovernancePolicy.load(both)).hasMessageContaining("hardStop");
  }

  private Path written(String part, String replacement) throws IOException {
    try (var content = GovernancePolicy.class.getResourceAsStream("/policies/governance.yml")) {
      String text =
          new String(
              java.util.Objects.requireNonNull(content).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text).contains("\n" + part);
      Path file = folder.resolve(replacement.replaceAll("\\W", "") + ".yml");
      return Files.writeString(file, text.replaceFirst("\n" + part, "\n" + replacement));
    }
  }

  private static double[] outOfFold(RawTable table, int[] labels, int[] fold, Refit.Recipe recipe) {
    double[] scores = new double[labels.length];
    for (int f = 0; f < 4; f++) {
      int current = f;
      int[] train = IntStream.range(0, fold.length).filter(i -> fold[i] != current).toArray();
      int[] rest = IntStream.range(0, fold.length).filter(i -> fold[i] == current).toArray();
      int[] own = Arrays.stream(train).map(i -> labels[i]).toArray();
      FeaturePipeline pipeline = PipelineFitter.fit(table.select(train), own, recipe.top());
      double[] found =
          ModelFamilies.named(recipe.family())
              .train(
                  PipelineFitter.trainingInput(pipeline, table.select(train), own),
                  own,
                  recipe.parameters(),
                  recipe.seed())
              .probabilities(pipeline.transform(table.select(rest)));
      for (int i = 0; i < rest.length; i++) {
        scores[rest[i]] = found[i];
      }
    }
    return scores;
  }
}
