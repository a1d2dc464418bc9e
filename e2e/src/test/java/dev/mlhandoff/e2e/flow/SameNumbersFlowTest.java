package dev.mlhandoff.e2e.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import dev.mlhandoff.messages.RequestSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The same request over the same data gives the same evidence, wherever it is worked on. */
class SameNumbersFlowTest {

  private static final String REQUEST =
      """
      {"name": "Same numbers", "dataset": "good", "target": "churned", "deadline": "Sprint 44",
       "requirements": {"latencyTargetMs": 10000}, "rollout": {"steps": [100]}}
      """;

  @Test
  void twoHomesGiveTheSameEvidence() throws Exception {
    ModelCard here = card(FlowSystem.get());
    try (FlowSystem elsewhere = FlowSystem.start()) {
      ModelCard there = card(elsewhere);
      assertThat(there.evidence()).isEqualTo(here.evidence());
      assertThat(there.evidenceDigest()).isEqualTo(here.evidenceDigest());
      assertThat(there.qualityScore()).isEqualTo(here.qualityScore());
      assertThat(there.pipelineStages()).isEqualTo(here.pipelineStages());
      assertThat(there.status().get("run_id")).isNotEqualTo(here.status().get("run_id"));
    }
  }

  private static ModelCard card(FlowSystem system) throws Exception {
    try (Requests requests = new Requests(system.backends().broker())) {
      RequestSource source = requests.publish(null, REQUEST.getBytes(UTF_8), List.of());
      ProjectOutcome outcome =
          Objects.requireNonNull(
                  requests.await(List.of(source), Duration.ofMinutes(10)).get(source))
              .get(0);
      assertThat(outcome.status()).as("%s", outcome).isEqualTo(Status.COMPLETED);
      return Json.read(
          Http.get(system.services().cards() + "/cards/" + outcome.runId()).getBytes(UTF_8),
          ModelCard.class);
    }
  }
}
