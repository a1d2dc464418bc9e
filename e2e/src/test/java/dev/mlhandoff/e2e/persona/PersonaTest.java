package dev.mlhandoff.e2e.persona;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.Persona;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every persona is defined, completely, and knows its neighbours by their right names. */
class PersonaTest {

  private static final Map<String, String> STAGE_OF =
      Map.of(
          "POR", StageIds.DATA_PIPELINE,
          "FAR", StageIds.FEATURE_ENGINEERING,
          "ESC", StageIds.TRAINING,
          "GATE", StageIds.QUALITY_GATE,
          "GCA", StageIds.GOVERNANCE,
          "IOR", StageIds.INFERENCE,
          "MOS", StageIds.DEPLOYMENT);

  @Test
  void eachIsDefinedAndKnowsItsNeighbours() {
    STAGE_OF.forEach(
        (id, stage) -> {
          Persona persona = Persona.of(id);
          assertThat(persona.id()).isEqualTo(id);
          assertThat(persona.stage()).isEqualTo(stage);
          assertThat(STAGE_OF.keySet()).containsAll(persona.collaborators().keySet());
          assertThat(persona.collaborators()).isNotEmpty().doesNotContainKey(id);
          assertThat(persona.expectedOutput()).contains("spec", "spec-md");
        });
  }

  @Test
  void nobodyIsInvented() {
    assertThatThrownBy(() -> Persona.of("XYZ")).hasMessage("there is no persona XYZ");
  }
}
