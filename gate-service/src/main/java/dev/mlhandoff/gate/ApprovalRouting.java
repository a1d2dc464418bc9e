package dev.mlhandoff.gate;

import dev.mlhandoff.gate.ParkedRuns.Parked;
import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.HopTimes;
import dev.mlhandoff.messages.PipelineEvent.ApprovalDecided;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.StageKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** What follows from a decision: on to inference with it in the audit report, or out. */
final class ApprovalRouting {

  private final ArtifactStore artifacts;

  ApprovalRouting(ArtifactStore artifacts) {
    this.artifacts = artifacts;
  }

  List<Emission> route(Parked run, Approval approval, Instant at) throws IOException {
    StageHandoff handoff = run.handoff();
    GovernanceOutput output = run.output().with(deliverable(run, approval));
    List<Emission> emissions = new ArrayList<>();
    emissions.add(
        GovernanceRouting.event(
            new ApprovalDecided(
                GovernanceRouting.id(handoff, "ApprovalDecided"),
                handoff.runId(),
                at,
                handoff.attempt(),
                approval.decision(),
                approval.who(),
                approval.why(),
                output.score(),
                output.threshold(),
                output.openIds(),
                output.policyVersion(),
                output.reasons(),
                output.deliverable().artifact(AuditReport.JSON_ROLE))));
    switch (approval.decision()) {
      case APPROVE, WAIVE -> {
        emissions.add(
            GovernanceRouting.event(
                new StageCompleted(
                    GovernanceRouting.id(handoff, "StageCompleted"),
                    handoff.runId(),
                    at,
                    handoff.modelId(),
                    handoff.version(),
                    output.deliverable(),
                    new HopTimes(0, 0, 0))));
        emissions.add(GovernanceRouting.onward(handoff, output));
      }
      case REJECT -> emissions.add(out(handoff, output, approval, at, "GOVERNANCE_REJECTED"));
      case EXPIRE -> emissions.add(out(handoff, output, approval, at, "GOVERNANCE_EXPIRED"));
    }
    return emissions;
  }

  private static Emission out(
      StageHandoff handoff, GovernanceOutput output, Approval approval, Instant at, String code) {
    String message =
        "%s: %s. Open were %s"
            .formatted(approval.who(), approval.why(), String.join("; ", output.reasons()));
    return GovernanceRouting.event(GovernanceRouting.rejected(handoff, output, at, code, message));
  }

  private Deliverable deliverable(Parked run, Approval approval) throws IOException {
    Deliverable before = run.output().deliverable();
    SortedMap<String, ArtifactRef> written = new TreeMap<>(before.artifacts());
    try {
      AuditReport report =
          new AuditReport(
              artifacts.read(before.artifact(AuditReport.JSON_ROLE)),
              new String(
                  artifacts.read(before.artifact(AuditReport.MARKDOWN_ROLE)),
                  StandardCharsets.UTF_8));
      written.putAll(
          report
              .decided(approval)
              .store((name, content, type) -> write(run.handoff(), name, content, type)));
    } catch (RejectionException e) {
      throw new IOException(e.code() + ": " + e.reason(), e);
    }
    String summary =
        "%s Decided: %s by %s: %s"
            .formatted(
                before.summary(),
                approval.decision().name().toLowerCase(Locale.ROOT),
                approval.who(),
                approval.why());
    return Deliverable.of(
        before.stage(), before.persona(), before.attempt(), summary, written, before.metrics());
  }

  private ArtifactRef write(StageHandoff handoff, String name, byte[] content, String mediaType)
      throws IOException {
    String digest = Digests.sha256(content);
    String folder = StageKeys.folder(handoff.runId(), StageIds.GOVERNANCE, handoff.attempt());
    String key = folder + digest.substring(0, 16) + "/" + name;
    Path file = Files.createTempFile("report", ".tmp");
    try {
      Files.write(file, content);
      artifacts.put(key, file, mediaType);
    } finally {
      Files.delete(file);
    }
    return new ArtifactRef(artifacts.uri(key), digest, content.length, mediaType);
  }
}
