package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.card.RequestForm.Field;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.ProjectRequests;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestFormTest {

  private static final Map<String, String> NEEDED =
      Map.of("name", "Churn", "dataset", "customers", "target", "churned", "deadline", "soon");

  @Test
  void whatIsShownAsTheStandardIsWhatHoldsIfNothingIsWritten() throws Exception {
    Map<String, String> written = new HashMap<>(NEEDED);
    for (Field field : RequestForm.OPTIONAL) {
      written.put(field.name(), field.standard());
    }

    ProjectRequest everything = parse(written);
    ProjectRequest nothing = parse(NEEDED);

    assertThat(everything.requirements()).isEqualTo(nothing.requirements());
    assertThat(everything.qualityGate()).isEqualTo(nothing.qualityGate());
    assertThat(everything.rollout()).isEqualTo(nothing.rollout());
    assertThat(everything.seed()).isEqualTo(nothing.seed());
    assertThat(everything.tuning()).isEqualTo(nothing.effectiveTuning());
    assertThat(everything.tuningBudget()).isEqualTo(nothing.effectiveTuningBudget());
    assertThat(everything.correlationId()).isNull();
  }

  private static ProjectRequest parse(Map<String, String> values) throws Exception {
    RequestForm form = new RequestForm(values, List.of());
    return ProjectRequests.parse(Json.write(form.request()));
  }
}
