package dev.mlhandoff.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class JsonTest {

  @Test
  void equalMapsGiveEqualBytesWhateverTheirOrder() {
    Map<String, Object> forward = new LinkedHashMap<>();
    Map<String, Object> backward = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      forward.put("key" + i, i);
      backward.put("key" + (99 - i), 99 - i);
    }
    forward.put("inner", forwardInner());
    backward.put("inner", new HashMap<>(Map.of("a", 2, "b", 1)));

    assertThat(Json.write(forward)).isEqualTo(Json.write(backward));
  }

  @Test
  void recordFieldsStandInAlphabeticalOrder() {
    ArtifactRef ref = new ArtifactRef("s3://b/k", "00", 1, "text/plain");

    assertThat(new String(Json.write(ref), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"bytes\":1,\"mediaType\":\"text/plain\",\"sha256\":\"00\",\"uri\":\"s3://b/k\"}");
  }

  @Test
  void deliverableForgetsTheOrderItsMapsCameIn() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("z", 1.0);
    metrics.put("a", 0.1);

    Deliverable deliverable = Deliverable.of("training", "ESC", 1, "", Map.of(), metrics);

    assertThat(List.copyOf(deliverable.metrics().keySet())).containsExactly("a", "z");
  }

  @Test
  void refusesTrailingContentRepeatedKeysAndDeepNesting() {
    for (String content : List.of("{} {}", "{\"a\":1,\"a\":2}", "[".repeat(65) + "]".repeat(65))) {
      assertThatThrownBy(() -> Json.tree(content.getBytes(StandardCharsets.UTF_8)))
          .as(content)
          .isInstanceOf(JacksonException.class);
    }
    assertThat(
            Json.tree(("[".repeat(64) + "]".repeat(64)).getBytes(StandardCharsets.UTF_8)).isArray())
        .isTrue();
  }

  private static Map<String, Object> forwardInner() {
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put("b", 1);
    inner.put("a", 2);
    return inner;
  }
}
