package dev.mlhandoff.esc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.esc.training.Effort;
import dev.mlhandoff.esc.training.ExperimentReport;
import dev.mlhandoff.esc.training.Importance;
import dev.mlhandoff.esc.training.LeaderboardEntry;
import dev.mlhandoff.esc.training.LeakAlarm;
import dev.mlhandoff.esc.training.LearningCurve;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.ml.metrics.Bootstrap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SpecificationTest {

  @Test
  void showsEveryFigureOfTheTable() {
    assertThat(Specification.of(report(List.of())).markdown("Summary."))
        .contains("| logistic_regression | 0.8123 | 0.0100 | 0.8023 0.8223 | 0.6000 | 0.7000 |")
        .contains("2.0 standard errors from 0.5. No single feature scores above 0.99.");
  }

  @Test
  void namesFeaturesThatGiveTheTargetAway() {
    assertThat(Specification.of(report(List.of("refund_date"))).markdown("Summary."))
        .contains("Alarm: refund_date alone scores 0.9950 (from customers.refund_date).");
  }

  @Test
  void carriesThePersonaDefinition() {
    String json =
        new String(
            Json.write(Specification.of(report(List.of()))),
            java.nio.charset.StandardCharsets.UTF_8);
    assertThat(json).contains("\"id\":\"ESC\"").contains("adoption_checklist");
    for (String key :
        List.of(
            "role",
            "inputs",
            "style",
            "constraints",
            "expected_output",
            "archetype",
            "responsibilities",
            "skills",
            "collaborators",
            "adoption_checklist")) {
      assertThat(json).contains("\"" + key + "\":");
    }
  }

  static ExperimentReport report(List<String> suspicious) {
    LeaderboardEntry trial =
        new LeaderboardEntry(
            "logistic_regression",
            "logistic_regression",
            new TreeMap<>(Map.of("cost", 1.0)),
            LeaderboardEntry.Status.COMPLETED,
            List.of(0.8023, 0.8223),
            0.8123,
            0.01,
            new TreeMap<>(
                Map.of(
                    "average_precision",
                    0.6,
                    "precision_at_k",
                    0.7,
                    "recall",
                    0.5,
                    "f1",
                    0.55,
                    "brier",
                    0.15)),
            new Bootstrap.Interval(0.79, 0.83),
            null,
            null,
            null);
    return new ExperimentReport(
        1,
        42,
        1000,
        2,
        0.1,
        List.of(trial),
        trial.id(),
        List.of("Because."),
        0.4,
        "best F1",
        0.02,
        0.7,
        0.54,
        0.02,
        suspicious,
        List.of("a"),
        new Effort("on-failure", 0, 0, 0, 0, false, List.of()),
        "Platt",
        List.of(0.4, 0.4),
        List.of(new LearningCurve.Point(1, 500, 0.8123, 0.01)),
        new Importance("weight", "permutation", List.of()),
        suspicious.stream()
            .map(
                name ->
                    new LeakAlarm(
                        "single_feature",
                        name,
                        List.of("customers." + name),
                        0.995,
                        0.99,
                        name + " alone scores 0.9950"))
            .toList());
  }
}
