package dev.mlhandoff.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicsTest {

  @Test
  void namesAreTheContract() {
    assertThat(Topics.all())
        .extracting(Topic::name)
        .contains(
            "project.requests.v1",
            "stage.far.v1",
            "stage.esc.v1",
            "stage.gate.v1",
            "stage.gca.v1",
            "stage.ior.v1",
            "stage.mos.v1",
            "esc.trials.v1",
            "esc.trial-results.v1",
            "gate.approvals.v1",
            "pipeline.events.v1",
            "project.outcomes.v1",
            "model.cards.v1",
            "feature.views.v1",
            "serving.routes.v1",
            "predictions.v1",
            "prediction.labels.v1",
            "batch.orders.v1",
            "alerts.v1",
            "monitoring.windows.v1",
            "lineage.v1")
        .doesNotHaveDuplicates()
        .allMatch(name -> name.endsWith(".v1"));
  }

  @Test
  void listHoldsEveryDeclaredTopic() {
    List<String> declared =
        Arrays.stream(Topics.class.getFields())
            .filter(field -> Modifier.isStatic(field.getModifiers()))
            .filter(field -> field.getType() == Topic.class)
            .map(
                field -> {
                  try {
                    return ((Topic<?>) field.get(null)).name();
                  } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .toList();

    assertThat(Topics.all()).extracting(Topic::name).containsExactlyInAnyOrderElementsOf(declared);
  }

  @Test
  void stateIsCompactedAndRequestsAreBounded() {
    assertThat(Topics.MODEL_CARDS.configuration()).containsEntry("cleanup.policy", "compact");
    assertThat(Topics.FEATURE_VIEWS.configuration()).containsEntry("cleanup.policy", "compact");
    assertThat(Topics.SERVING_ROUTES.configuration()).containsEntry("cleanup.policy", "compact");
    assertThat(Topics.PIPELINE_EVENTS.configuration()).containsEntry("retention.ms", "-1");
    assertThat(Topics.PROJECT_REQUESTS.configuration())
        .containsEntry("max.message.bytes", "262144");
  }

  @Test
  void everythingWorkedOnIsListedAndHasADeadLetterName() {
    assertThat(Topics.all()).containsAll(Topics.withDeadLetters());
    assertThat(Topics.PROJECT_REQUESTS.deadLetterName()).isEqualTo("project.requests.v1.dlt");
  }
}
