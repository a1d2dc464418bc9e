package dev.mlhandoff.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.gate.governance.Finding;
import dev.mlhandoff.gate.governance.GovernancePolicy;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.ProjectRequests;
import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.StageHandoff;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {

  @TempDir private Path folder;
  private AuditedRun run = new AuditedRun(Path.of(""));

  @BeforeEach
  void deliver() throws Exception {
    run = new AuditedRun(folder);
    run.deliver();
  }

  @Test
  void groupsAreHeldToThePolicysThresholdUnlessTheRequestAsksForMore() throws Exception {
    QualityPolicy strict = policy(0.7);

    assertThat(groupAuc(run.handoff(request("")), strict)).containsEntry("limit", 0.7);
    assertThat(groupAuc(run.handoff(request(", \"qualityGate\": {\"threshold\": 0.8}")), strict))
        .containsEntry("limit", 0.8);
  }

  @Test
  void everyCheckHasItsFinding() throws Exception {
    List<Finding> findings = audit(run.handoff(request("")), policy(0.65));

    assertThat(findings)
        .extracting(Finding::check)
        .containsExactlyInAnyOrderElementsOf(GovernancePolicy.load(null).checks().keySet());
    assertThat(finding(findings, "reproducible").passed())
        .as(finding(findings, "reproducible").text())
        .isTrue();
    assertThat(finding(findings, "documentation-complete").passed()).isTrue();
    assertThat(finding(findings, "group-auc").numbers()).containsKeys("origin=a", "origin=b");
  }

  @Test
  void nothingElseIsLookedAtWhereAnArtifactWasChanged() throws Exception {
    StageHandoff handoff = run.handoff(request(""));
    Path report = run.stored("experiment-report");
    Files.writeString(report, Files.readString(report).replace("42", "43"));

    assertThat(audit(handoff, policy(0.65)))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.check()).isEqualTo("artifacts-verified");
              assertThat(finding.passed()).isFalse();
              assertThat(finding.text()).startsWith("ARTIFACT_CORRUPT");
            });
  }

  private Map<String, Double> groupAuc(StageHandoff handoff, QualityPolicy policy)
      throws Exception {
    return finding(audit(handoff, policy), "group-auc").numbers();
  }

  private List<Finding> audit(StageHandoff handoff, QualityPolicy quality) throws Exception {
    return new Audit(
            handoff, new ArtifactReader(handoff, run::fetch), GovernancePolicy.load(null), quality)
        .run((share, message) -> {})
        .findings();
  }

  private static Finding finding(List<Finding> findings, String check) {
    return findings.stream().filter(f -> f.check().equals(check)).findFirst().orElseThrow();
  }

  private QualityPolicy policy(double threshold) throws Exception {
    try (var content = QualityPolicy.class.getResourceAsStream("/policies/quality.yml")) {
      String text = new String(Objects.requireNonNull(content).readAllBytes(), UTF_8);
      return QualityPolicy.load(
          Files.writeString(
              folder.resolve("quality.yml"),
              text.replace("threshold: 0.65", "threshold: " + threshold)));
    }
  }

  private static ProjectRequest request(String more) throws Exception {
    return ProjectRequests.parse(
        ("{\"name\": \"Loan\", \"dataset\": \"people\", \"target\": \"repaid\", \"deadline\":"
                + " \"none\""
                + more
                + "}")
            .getBytes(UTF_8));
  }
}
