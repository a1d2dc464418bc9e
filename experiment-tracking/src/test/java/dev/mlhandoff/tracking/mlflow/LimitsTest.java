package dev.mlhandoff.tracking.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {

  @ParameterizedTest
  @ValueSource(strings = {"auc_roc", "a/b.c-d e", "handoff.run_id"})
  void keepsNamesThatEveryServerTakes(String name) {
    assertThat(Limits.key(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a:b", "plan=basic", "/x", "x/", "a//b", "../up", "a/./b", "größe", "#"})
  void changesNamesThatAServerRefuses(String name) {
    assertThat(Limits.key(name))
        .matches("([A-Za-z0-9_. -][A-Za-z0-9_./ -]*)?_[0-9a-f]{8}")
        .doesNotContain("..", "//");
  }

  @Test
  void twoNamesNeverBecomeOne() {
    String shared = "x".repeat(300);

    assertThat(Limits.key("a=b")).isNotEqualTo(Limits.key("a?b"));
    assertThat(Limits.key(shared + "1")).hasSize(250).isNotEqualTo(Limits.key(shared + "2"));
  }

  @Test
  void aValueIsCutBetweenCharactersAndSaysSo() {
    String cut = Limits.value("ä€😀".repeat(1000), 5000);

    assertThat(cut.getBytes(StandardCharsets.UTF_8).length).isBetween(4990, 5000);
    assertThat(cut).endsWith("...").doesNotContain("\uFFFD");
    assertThat(new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(cut);
    assertThat(Limits.value("x".repeat(5000), 5000)).hasSize(5000).doesNotContain("...");
  }

  @Test
  void partsHoldEverythingInOrder() {
    List<Integer> all = IntStream.range(0, 2001).boxed().toList();

    assertThat(Limits.parts(all, 1000)).extracting(List::size).containsExactly(1000, 1000, 1);
    assertThat(Limits.parts(all, 1000).stream().flatMap(List::stream))
        .containsExactlyElementsOf(all);
  }
}
