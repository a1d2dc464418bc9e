package dev.mlhandoff.gate;

import dev.mlhandoff.gate.quality.Judgement;
import dev.mlhandoff.gate.quality.Standard;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.ChampionComparison;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.Persona;
import dev.mlhandoff.runtime.StageContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes down a judgement: a report as JSON, and the gate's specification in JSON and Markdown. */
final class QualityReport {

  private static final String JSON = "application/json";

  private final QualityPolicy policy;
  private final Standard standard;
  private final StageHandoff handoff;
  private final QualityExamination.Finding found;
  private final List<String> reasons = new ArrayList<>();
  private final SortedMap<String, Double> metrics = new TreeMap<>();

  QualityReport(QualityPolicy policy, StageHandoff handoff, QualityExamination.Finding found) {
    this.policy = policy;
    this.standard = QualityExamination.standard(policy, handoff);
    this.handoff = handoff;
    this.found = found;
    reasons.addAll(found.judgement().reasons());
    metrics.putAll(found.judgement().dimensions());
    metrics.put("quality_score", found.judgement().score());
    Opened opened = found.opened();
    if (opened != null) {
      hold(opened);
    }
  }

  private void hold(Opened opened) {
    metrics.put("holdout_" + policy.rulingMetric().replace("_roc", ""), opened.score());
    reasons.add(
        "%s on the hold-out is %.4f, required is %.4f"
            .formatted(standard.metric().label(), opened.score(), standard.threshold()));
    ChampionComparison comparison = opened.comparison();
    if (comparison != null) {
      metrics.put("champion_holdout", comparison.champion());
      metrics.put("champion_difference_lower", comparison.lower());
      metrics.put("champion_difference_upper", comparison.upper());
      reasons.add(
          ("version %s reaches %.4f on the same %d rows; the difference is %.4f (95 %% interval"
                  + " %.4f to %.4f), allowed is more than %.4f")
              .formatted(
                  comparison.championVersion(),
                  comparison.champion(),
                  comparison.rows(),
                  comparison.challenger() - comparison.champion(),
                  comparison.lower(),
                  comparison.upper(),
                  -comparison.margin()));
    }
  }

  /** The gate report; equal for equal artifacts. */
  SortedMap<String, Object> content() {
    SortedMap<String, Object> content = new TreeMap<>();
    content.put("policy", policy);
    content.put("policyVersion", policy.version());
    content.put("request", uncorrelated(handoff.request()));
    content.put("attempt", handoff.attempt());
    content.put("verdict", found.verdict());
    content.put("threshold", standard.threshold());
    content.put("metrics", metrics);
    content.put("figuresCompared", found.figures());
    content.put("mismatches", found.judgement().mismatches());
    content.put("reasons", reasons);
    ChampionComparison comparison = comparison();
    if (comparison != null) {
      content.put("championComparison", comparison);
    }
    return content;
  }

  private @Nullable ChampionComparison comparison() {
    Opened opened = found.opened();
    return opened == null ? null : opened.comparison();
  }

  /** Without the requester's own id, which is another in an equal request. */
  private static JsonNode uncorrelated(ProjectRequest request) {
    ObjectNode fields = (ObjectNode) Json.tree(Json.write(request));
    fields.remove("correlationId");
    return fields;
  }

  /** Stores the report. */
  QualityOutput write(StageContext context) throws IOException {
    Judgement judgement = found.judgement();
    SortedMap<String, Object> content = content();
    String summary =
        "Attempt %d: %s with a quality score of %.4f against %.4f. %s"
            .formatted(
                handoff.attempt(),
                found.verdict(),
                judgement.score(),
                standard.threshold(),
                String.join("; ", reasons));
    SortedMap<String, ArtifactRef> written = new TreeMap<>();
    written.put("gate-report", context.write("gate-report.json", Json.writePretty(content), JSON));
    SortedMap<String, Object> specification = new TreeMap<>(content);
    specification.put("persona", Persona.of("GATE"));
    written.put("spec", context.write("spec.json", Json.writePretty(specification), JSON));
    written.put(
        "spec-md",
        context.write(
            "spec.md", markdown(summary).getBytes(StandardCharsets.UTF_8), "text/markdown"));
    return new QualityOutput(
        found.verdict(),
        judgement.score(),
        standard.threshold(),
        judgement.dimensions(),
        policy.version(),
        reasons,
        Deliverable.of(StageIds.QUALITY_GATE, "GATE", handoff.attempt(), summary, written, metrics),
        comparison());
  }

  private String markdown(String summary) {
    Judgement judgement = found.judgement();
    Persona persona = Persona.of("GATE");
    StringBuilder text = new StringBuilder("# Quality gate\n\n");
    text.append(
        "%s (%s): %s\n\n%s\n\n".formatted(persona.name(), persona.id(), persona.role(), summary));
    text.append(
        """
        Policy %s, version %s: the score is the lowest dimension, ruled by %s. %d figures of the \
        experiment report were computed again from the artifacts, %d items differ.

        | dimension | measure | score | required | a failure goes back to training |
        |---|---|---|---|---|
        """
            .formatted(
                policy.name(),
                policy.version(),
                standard.metric().label(),
                found.figures(),
                judgement.mismatches().size()));
    for (Map.Entry<String, QualityPolicy.Dimension> rule : policy.dimensions().entrySet()) {
      Double value = judgement.dimensions().get(rule.getKey());
      text.append(
          "| %s | %s | %s | %.4f | %s |\n"
              .formatted(
                  rule.getKey(),
                  rule.getValue().measure(),
                  value == null ? "not computed" : "%.4f".formatted(value),
                  standard.minimum(rule.getKey()),
                  rule.getValue().retry() ? "yes" : "no"));
    }
    judgement.mismatches().forEach(mismatch -> text.append("\n- ").append(mismatch));
    return text.append('\n').toString();
  }
}
