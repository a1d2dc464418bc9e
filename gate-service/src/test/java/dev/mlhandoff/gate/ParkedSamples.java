package dev.mlhandoff.gate;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.GovernanceCheck;
import dev.mlhandoff.messages.GovernanceCheck.Severity;
import dev.mlhandoff.messages.GovernanceVerdict;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Audited runs to route and to decide on. */
final class ParkedSamples {

  private ParkedSamples() {}

  static StageHandoff handoff(String runId) {
    return new StageHandoff(
        runId,
        null,
        1,
        "GATE",
        "GCA",
        StageIds.GOVERNANCE,
        "Audit this run.",
        ProjectRequest.of("Churn", "customers", "churned", "2026-12-31"),
        "churn",
        "1.0.0",
        List.of());
  }

  /** An audit with one failed check of each of these severities, and one that passed. */
  static GovernanceOutput output(
      GovernanceVerdict verdict,
      @Nullable Instant expiresAt,
      ArtifactStore artifacts,
      Severity... failed)
      throws IOException {
    List<GovernanceCheck> checks = new ArrayList<>();
    checks.add(check("documentation-complete", Severity.MANDATORY, true));
    for (Severity severity : failed) {
      checks.add(check("failed-" + severity, severity, false));
    }
    Deliverable deliverable =
        Deliverable.of(
            StageIds.GOVERNANCE,
            "GCA",
            1,
            "Audited.",
            Map.of(
                AuditReport.JSON_ROLE,
                write(artifacts, "audit-report.json", "{\"reportVersion\":1,\"checks\":[]}"),
                AuditReport.MARKDOWN_ROLE,
                write(artifacts, "audit-report.md", "# Audit report, version 1\n")),
            Map.of());
    return new GovernanceOutput(verdict, 0.8, 0.65, checks, "1", deliverable, expiresAt);
  }

  private static GovernanceCheck check(String id, Severity severity, boolean passed) {
    return new GovernanceCheck(
        id,
        severity,
        passed,
        "saw " + id,
        new TreeMap<>(),
        new TreeMap<>(),
        passed ? "" : "mend it",
        passed ? "" : "P7D");
  }

  private static ArtifactRef write(ArtifactStore artifacts, String name, String text)
      throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    Path file = Files.createTempFile("sample", ".tmp");
    Files.write(file, content);
    artifacts.put("samples/" + name, file, "text/plain");
    Files.delete(file);
    return new ArtifactRef(
        artifacts.uri("samples/" + name), Digests.sha256(content), content.length, "text/plain");
  }
}
