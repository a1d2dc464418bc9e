package dev.mlhandoff.gate;

import dev.mlhandoff.gate.governance.Fairness;
import dev.mlhandoff.gate.governance.GovernancePolicy;
import dev.mlhandoff.gate.governance.Group;
import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.GovernanceCheck;
import dev.mlhandoff.messages.GovernanceVerdict;
import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The audit report as JSON and Markdown. Version 1 tells what the audit found; version 2 adds what
 * a human decided. Times and run ids are left out: they stand in the events.
 */
@SuppressWarnings("ArrayRecordComponent") // the content of a file, never compared
record AuditReport(byte[] json, String markdown) {

  static final String JSON_ROLE = "audit-report";
  static final String MARKDOWN_ROLE = "audit-report-md";

  /** Stores a file and answers its reference. */
  @FunctionalInterface
  interface Store {
    ArtifactRef write(String fileName, byte[] content, String mediaType) throws IOException;
  }

  /** What the audit found. */
  static AuditReport of(
      GovernancePolicy policy,
      GovernanceVerdict verdict,
      List<GovernanceCheck> checks,
      @Nullable Fairness fairness,
      double score,
      double threshold) {
    SortedMap<String, Object> content = new TreeMap<>();
    content.put("reportVersion", 1);
    content.put("policy", policy.name());
    content.put("policyVersion", policy.version());
    content.put("verdict", verdict);
    content.put("qualityScore", score);
    content.put("threshold", threshold);
    content.put("checks", checks);
    List<Group> groups = fairness == null ? List.of() : fairness.groups();
    content.put("groups", groups.stream().map(AuditReport::figures).toList());
    StringBuilder text = new StringBuilder("# Audit report, version 1\n\n");
    text.append(
        "Verdict: **%s** by policy %s, version %s. Quality score %.4f against %.4f.\n\n"
            .formatted(verdict, policy.name(), policy.version(), score, threshold));
    text.append("| check | severity | passed | finding |\n|---|---|---|---|\n");
    for (GovernanceCheck check : checks) {
      text.append(
          "| %s | %s | %s | %s |\n"
              .formatted(
                  check.id(),
                  severity(check),
                  check.passed() ? "yes" : "**no**",
                  check.finding().replace("|", "\\|")));
    }
    failures(checks, text);
    groups(groups, text);
    return new AuditReport(Json.writePretty(content), text.toString());
  }

  /** The same report after a human decided. */
  AuditReport decided(Approval approval) {
    ObjectNode content = (ObjectNode) Json.tree(json);
    content.put("reportVersion", 2);
    SortedMap<String, Object> decision = new TreeMap<>();
    decision.put("decision", approval.decision());
    decision.put("who", approval.who());
    decision.put("why", approval.why());
    content.set("decision", Json.mapper().valueToTree(decision));
    String text =
        markdown.replaceFirst("report, version 1", "report, version 2")
            + "\n## Decision\n\n%s by %s: %s\n"
                .formatted(
                    approval.decision().name().toLowerCase(Locale.ROOT),
                    approval.who(),
                    approval.why());
    return new AuditReport(Json.writePretty(content), text);
  }

  /** Stores both forms. */
  SortedMap<String, ArtifactRef> store(Store store) throws IOException {
    SortedMap<String, ArtifactRef> written = new TreeMap<>();
    written.put(JSON_ROLE, store.write("audit-report.json", json, "application/json"));
    written.put(
        MARKDOWN_ROLE,
        store.write("audit-report.md", markdown.getBytes(StandardCharsets.UTF_8), "text/markdown"));
    return written;
  }

  private static void failures(List<GovernanceCheck> checks, StringBuilder text) {
    List<GovernanceCheck> failed = checks.stream().filter(check -> !check.passed()).toList();
    if (failed.isEmpty()) {
      return;
    }
    text.append("\n## What is to be mended\n\n");
    for (GovernanceCheck check : failed) {
      text.append(
          "- %s, within %s of the audit: %s. Evidence: %s\n"
              .formatted(
                  check.id(),
                  check.deadline(),
                  check.remediation(),
                  String.join(
                      ", ",
                      check.evidence().entrySet().stream()
                          .map(e -> e.getKey() + " " + e.getValue().substring(0, 12))
                          .toList())));
    }
  }

  private static void groups(List<Group> groups, StringBuilder text) {
    if (groups.isEmpty()) {
      return;
    }
    text.append(
        """

        ## Groups of the protected attributes

        | group | rows | positives | base rate | selection rate | true-positive rate | AUC-ROC (95 %) |
        |---|---|---|---|---|---|---|
        """);
    for (Group group : groups) {
      text.append(
          "| %s | %d | %d | %.3f | %.3f | %.3f | %.3f (%.3f to %.3f) |\n"
              .formatted(
                  group.name().replace("|", "\\|"),
                  group.rows(),
                  group.positives(),
                  group.baseRate(),
                  group.selectionRate(),
                  group.truePositiveRate(),
                  group.auc(),
                  group.aucLower(),
                  group.aucUpper()));
    }
  }

  /** The counts and rates of a group; what cannot be computed is left out. */
  private static SortedMap<String, Object> figures(Group group) {
    SortedMap<String, Object> figures = new TreeMap<>();
    figures.put("attribute", group.attribute());
    figures.put("value", group.value());
    figures.put("rows", group.rows());
    figures.put("positives", group.positives());
    figures.put("selected", group.selected());
    figures.put("truePositives", group.truePositives());
    List<String> names =
        new ArrayList<>(
            List.of(
                "baseRate", "selectionRate", "truePositiveRate", "auc", "aucLower", "aucUpper"));
    double[] values = {
      group.baseRate(),
      group.selectionRate(),
      group.truePositiveRate(),
      group.auc(),
      group.aucLower(),
      group.aucUpper()
    };
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        figures.put(names.get(i), values[i]);
      }
    }
    return figures;
  }

  private static String severity(GovernanceCheck check) {
    return check.severity().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
