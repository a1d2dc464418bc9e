package dev.mlhandoff.gate;

import dev.mlhandoff.gate.governance.GovernancePolicy;
import dev.mlhandoff.gate.quality.Evidence;
import dev.mlhandoff.gate.quality.SelectedFigures;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.GovernanceCheck;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The work of both gates on a run that passed them, done again on its artifacts and by the policies
 * that stand in their reports. Writes nothing, and may be done at any time with the same result.
 */
public final class Reexamination {

  private final StageHandoff handoff;
  private final ArtifactReader artifacts;

  /**
   * @param handoff of the attempt that passed, with the deliverables of the data pipeline, the
   *     features, training and both gates
   * @param source gives local copies of artifacts whose digests have been checked
   */
  public Reexamination(StageHandoff handoff, Source source) {
    this.handoff = handoff;
    this.artifacts = new ArtifactReader(handoff, source::fetch);
  }

  /** Where artifacts are read. */
  @FunctionalInterface
  public interface Source {
    Path fetch(ArtifactRef ref) throws IOException, RejectionException;
  }

  /**
   * What the quality gate finds.
   *
   * @param report the gate report as it would be written now
   * @param figures of the selected configuration, by metric; empty if they cannot be computed
   */
  public record Quality(JsonNode report, SortedMap<String, Double> figures) {}

  /**
   * Judges the attempt again, and opens its hold-out again.
   *
   * @throws RejectionException EVIDENCE_MISMATCH if the first report cannot be read
   */
  public Quality quality() throws IOException, RejectionException {
    QualityPolicy policy = qualityPolicy();
    QualityExamination.Finding found =
        new QualityExamination(policy, handoff, artifacts).run((share, step) -> {});
    Evidence evidence = found.evidence();
    return new Quality(
        Json.tree(Json.write(new QualityReport(policy, handoff, found).content())),
        evidence == null
            ? new TreeMap<>()
            : SelectedFigures.of(evidence, handoff.request().requirements().precisionAtK()));
  }

  /**
   * Audits the run again.
   *
   * @throws RejectionException EVIDENCE_MISMATCH if the policies cannot be read
   */
  public List<GovernanceCheck> checks() throws IOException, RejectionException {
    GovernancePolicy policy = governancePolicy();
    StageHandoff audited = before(StageIds.GOVERNANCE);
    Audit audit = new Audit(audited, artifacts, policy, qualityPolicy());
    return GovernanceStage.checks(policy, audit.run((share, step) -> {}).findings(), audited);
  }

  private QualityPolicy qualityPolicy() throws IOException, RejectionException {
    return policy(StageIds.QUALITY_GATE, "gate-report", QualityPolicy.class);
  }

  private GovernancePolicy governancePolicy() throws IOException, RejectionException {
    return policy(StageIds.GOVERNANCE, "spec", GovernancePolicy.class);
  }

  private <T> T policy(String stage, String role, Class<T> type)
      throws IOException, RejectionException {
    try {
      return Json.convert(artifacts.json(stage, role).path("policy"), type);
    } catch (EvidenceMismatchException e) {
      throw new RejectionException("EVIDENCE_MISMATCH", e.reason(), "");
    } catch (JacksonException | IllegalArgumentException e) {
      throw new RejectionException(
          "EVIDENCE_MISMATCH", stage + "/" + role + " holds no policy: " + e.getMessage(), "");
    }
  }

  /** The handoff as the gate had it, without its own deliverable. */
  private StageHandoff before(String stage) {
    List<Deliverable> earlier =
        handoff.deliverables().stream().filter(made -> !made.stage().equals(stage)).toList();
    return new StageHandoff(
        handoff.runId(),
        handoff.parentRunId(),
        handoff.attempt(),
        handoff.sender(),
        handoff.receiver(),
        handoff.phase(),
        handoff.content(),
        handoff.request(),
        handoff.modelId(),
        handoff.version(),
        earlier,
        handoff.retraining());
  }
}
