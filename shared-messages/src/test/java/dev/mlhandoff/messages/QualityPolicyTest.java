package dev.mlhandoff.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityPolicyTest {

  @TempDir private Path folder;

  @Test
  void comesWithTheFiguresOfTheScenario() throws IOException {
    QualityPolicy policy = QualityPolicy.load(null);

    assertThat(policy.threshold()).isEqualTo(QualityGatePolicy.DEFAULT.threshold());
    assertThat(policy.dimensions())
        .containsOnlyKeys("discrimination", "calibration", "stability", "evidence");
    assertThat(policy.dimensions())
        .hasEntrySatisfying("evidence", evidence -> assertThat(evidence.retry()).isFalse());
  }

  @Test
  void requestsMayTightenAndNeverLoosen() throws IOException {
    QualityPolicy strict = QualityPolicy.load(written("threshold: 0.65", "threshold: 0.7"));

    assertThat(strict.thresholdOf(new QualityGatePolicy(0.8, 3))).isEqualTo(0.8);
    assertThat(strict.isLoosenedBy(new QualityGatePolicy(0.8, 3))).isFalse();
    assertThat(strict.isLoosenedBy(new QualityGatePolicy(0.69, 3))).isTrue();
    assertThat(strict.thresholdOf(QualityGatePolicy.DEFAULT)).isEqualTo(0.7);
    assertThat(strict.isLoosenedBy(QualityGatePolicy.DEFAULT)).isFalse();
  }

  @Test
  void saysWhatIsWrongWithAFile() throws IOException {
    Path outOfRange = written("threshold: 0.65", "threshold: 65");
    Path unknown = written("  calibration:", "  beauty:");
    Path missing = written("threshold: 0.65", "");

    assertThatThrownBy(() -> QualityPolicy.load(outOfRange)).hasMessageContaining("[0, 1]");
    assertThatThrownBy(() -> QualityPolicy.load(unknown)).hasMessageContaining("beauty");
    assertThatThrownBy(() -> QualityPolicy.load(missing)).hasMessageContaining("threshold");
  }

  private Path written(String part, String replacement) throws IOException {
    try (var content = QualityPolicy.class.getResourceAsStream("/policies/quality.yml")) {
      String text =
          new String(
              java.util.Objects.requireNonNull(content).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text).contains("\n" + part);
      Path file = folder.resolve(replacement.replaceAll("\\W", "") + ".yml");
      return Files.writeString(file, text.replaceFirst("\n" + part, "\n" + replacement));
    }
  }
}
