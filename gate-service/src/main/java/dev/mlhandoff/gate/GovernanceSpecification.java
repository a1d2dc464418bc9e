package dev.mlhandoff.gate;

import dev.mlhandoff.gate.governance.CheckRule;
import dev.mlhandoff.gate.governance.GovernancePolicy;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.Persona;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/** GCA's specification: who audits, and by which policy. */
record GovernanceSpecification(GovernancePolicy policy) {

  /** Stores it as JSON and Markdown. */
  SortedMap<String, ArtifactRef> store(AuditReport.Store store) throws IOException {
    Persona persona = Persona.of("GCA");
    SortedMap<String, Object> content = new TreeMap<>();
    content.put("persona", persona);
    content.put("policy", policy);
    SortedMap<String, ArtifactRef> written = new TreeMap<>();
    written.put(
        "spec", store.write("governance-spec.json", Json.writePretty(content), "application/json"));
    written.put(
        "spec-md",
        store.write(
            "spec.md", markdown(persona).getBytes(StandardCharsets.UTF_8), "text/markdown"));
    return written;
  }

  private String markdown(Persona persona) {
    StringBuilder text = new StringBuilder("# Governance gate\n\n");
    text.append("%s (%s): %s\n\n".formatted(persona.name(), persona.id(), persona.role()));
    text.append(
        "Policy %s, version %s. A parked run waits %s for a decision.\n\n"
            .formatted(policy.name(), policy.version(), policy.decideWithin()));
    text.append("| check | severity | a failure | remediation | within |\n|---|---|---|---|---|\n");
    policy
        .checks()
        .forEach(
            (id, rule) ->
                text.append(
                    "| %s | %s | %s | %s | %s |\n"
                        .formatted(
                            id,
                            rule.severity().name().toLowerCase(java.util.Locale.ROOT),
                            consequence(rule),
                            rule.remediation(),
                            rule.deadline())));
    return text.toString();
  }

  private static String consequence(CheckRule rule) {
    return switch (rule.severity()) {
      case HARD_STOP ->
          rule.hardStop() == CheckRule.HardStop.END ? "ends the run" : "waits for a waiver";
      case MANDATORY -> "waits for an approval";
      case ADVISORY -> "is reported";
    };
  }
}
