package dev.mlhandoff.card;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.ChampionComparison;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.HopTimes;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.ModelCard.PipelineStage;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.ApprovalDecided;
import dev.mlhandoff.messages.PipelineEvent.DeploymentChanged;
import dev.mlhandoff.messages.PipelineEvent.GateEvaluated;
import dev.mlhandoff.messages.PipelineEvent.GovernanceEvaluated;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.Retraining;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.Digests;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the card of a promoted run from its events. The evidence names artifacts by digest and
 * holds neither run id, address nor time, so that the same request on the same data gives the same
 * evidence.
 */
final class CardAssembler {

  /** Measured at the moment; they differ between equal runs and stand in the status. */
  private static final Set<String> MEASURED = Set.of("latency_p50_ms", "latency_p99_ms");

  private CardAssembler() {}

  /**
   * The card, if every stage of the scenario has delivered before the terminal decision; where the
   * version stands is not yet said.
   */
  static Optional<ModelCard> assemble(Run run) {
    Origin accepted = Origin.of(run.untilEnding()).orElse(null);
    GateEvaluated gate = null;
    GovernanceEvaluated audit = null;
    Map<String, Deliverable> stages = new HashMap<>();
    SortedMap<String, HopTimes> times = new TreeMap<>();
    if (accepted != null) {
      accepted.inherited().forEach(made -> stages.put(made.stage(), made));
    }
    for (PipelineEvent event : run.untilEnding()) {
      if (event instanceof GateEvaluated found
          && (gate == null || found.attempt() > gate.attempt())) {
        gate = found;
      } else if (event instanceof GovernanceEvaluated found
          && (audit == null || found.attempt() > audit.attempt())) {
        audit = found;
      } else if (event instanceof StageCompleted found) {
        Deliverable made = found.deliverable();
        Deliverable known = stages.get(made.stage());
        if (known == null || made.attempt() > known.attempt()) {
          stages.put(made.stage(), made);
          times.put(made.stage(), found.times());
        }
      }
    }
    if (accepted == null || gate == null || !stages.keySet().containsAll(StageIds.OF_THE_CARD)) {
      return Optional.empty();
    }
    List<PipelineStage> pipeline = new ArrayList<>();
    for (String stage : StageIds.OF_THE_CARD) {
      Deliverable deliverable = deliverable(stages, stage);
      pipeline.add(new PipelineStage(stage, deliverable.persona(), deliverable.summary().length()));
    }
    SortedMap<String, Object> evidence = evidence(accepted, gate, stages);
    evidence.put("ethical_considerations", ethics(audit));
    evidence.put("caveats_and_recommendations", caveats(run, audit));
    SortedMap<String, Object> status = status(accepted, stages, times);
    status.put("approvals", approvals(run));
    return Optional.of(
        new ModelCard(
            accepted.request().name(),
            accepted.version(),
            pipeline,
            gate.score(),
            "unknown",
            evidence,
            Digests.sha256(Json.write(evidence)),
            status));
  }

  private static SortedMap<String, Object> evidence(
      Origin accepted, GateEvaluated gate, Map<String, Deliverable> stages) {
    ProjectRequest request = accepted.request();
    SortedMap<String, Object> details = new TreeMap<>();
    details.put("model_id", accepted.modelId());
    details.put("version", accepted.version());
    details.put("seed", request.seed());
    details.put("deadline", request.deadline());
    SortedMap<String, Object> evidence = new TreeMap<>();
    evidence.put("model_details", details);
    evidence.put(
        "intended_use",
        "Score the entities of %s for '%s', by the pipeline that made the training data."
            .formatted(request.dataset(), request.target()));
    evidence.put("training_data", section(stages, StageIds.DATA_PIPELINE));
    evidence.put("factors", section(stages, StageIds.FEATURE_ENGINEERING));
    evidence.put("quantitative_analyses", section(stages, StageIds.TRAINING));
    evidence.put("inference", section(stages, StageIds.INFERENCE));
    evidence.put("deployment", section(stages, StageIds.DEPLOYMENT));
    SortedMap<String, Object> metrics = new TreeMap<>();
    metrics.put("quality_score", gate.score());
    metrics.put("threshold", gate.threshold());
    metrics.put("dimensions", gate.dimensions());
    metrics.put("attempt", gate.attempt());
    metrics.put("policy_version", gate.policyVersion());
    metrics.put("reasons", gate.reasons());
    ArtifactRef report = gate.report();
    metrics.put("evidence_sha256", report == null ? "" : report.sha256());
    evidence.put("metrics", metrics);
    evidence.put("gates", gates(stages));
    Retraining retraining = accepted.retraining();
    if (retraining != null) {
      evidence.put("retraining", retraining(accepted, retraining, gate));
    }
    evidence.put(
        "evaluation_data",
        "Out-of-fold predictions of the training part, and a hold-out that only the quality gate"
            + " reads"
            + (retraining == null ? "." : ": the entities that were predicted last."));
    return evidence;
  }

  /** Which card came before, why this one did, and what the two versions score on the same rows. */
  private static SortedMap<String, Object> retraining(
      Origin origin, Retraining retraining, GateEvaluated gate) {
    SortedMap<String, Object> section = new TreeMap<>();
    section.put("parent_card", origin.modelId() + "/" + retraining.parentVersion());
    section.put("champion_sha256", retraining.champion().sha256());
    section.put("reason", retraining.reason());
    section.put("statistics", retraining.statistics());
    for (Deliverable deliverable : origin.inherited()) {
      if (deliverable.stage().equals(StageIds.DATA_PIPELINE)) {
        section.put("rows", deliverable.metrics());
        section.put("training_data_sha256", deliverable.artifact("dataset").sha256());
      }
    }
    section.put("inherited_stages", new TreeSet<>(origin.inheritedStages()));
    ChampionComparison comparison = gate.comparison();
    if (comparison != null) {
      section.put("champion_and_challenger", comparison);
    }
    return section;
  }

  /** The audit's checks; who let a finding pass stands in the status. */
  private static Object ethics(@Nullable GovernanceEvaluated audit) {
    if (audit == null) {
      return "Fairness over protected attributes has not been audited: no decision about a person"
          + " should rest on the score alone.";
    }
    SortedMap<String, Object> section = new TreeMap<>();
    section.put("audit_verdict", audit.verdict());
    section.put("policy_version", audit.policyVersion());
    section.put("findings", audit.reasons());
    section.put("checks", audit.checks());
    return section;
  }

  /** What the rollout was judged on, and what the audit found. */
  private static String caveats(Run run, @Nullable GovernanceEvaluated audit) {
    List<String> caveats = new ArrayList<>();
    String replayed = steps(run, DeploymentChanged.PASSED_ON_REPLAY);
    if (!replayed.isEmpty()) {
      caveats.add(
          "Judged on replayed rows of the training part, which say nothing about unseen data: "
              + replayed
              + ".");
    }
    String live = steps(run, DeploymentChanged.PASSED_ON_PUBLIC);
    if (!live.isEmpty()) {
      caveats.add("Judged on public requests: " + live + ".");
    }
    if (audit != null) {
      audit.reasons().forEach(reason -> caveats.add("Found by the audit: " + reason + "."));
    }
    return String.join(" ", caveats);
  }

  /** Steps that were left for a reason, in their order. */
  private static String steps(Run run, String reason) {
    return run.untilEnding().stream()
        .filter(DeploymentChanged.class::isInstance)
        .map(DeploymentChanged.class::cast)
        .filter(changed -> changed.reason().equals(reason))
        .map(DeploymentChanged::from)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static List<SortedMap<String, Object>> approvals(Run run) {
    List<SortedMap<String, Object>> approvals = new ArrayList<>();
    for (ApprovalDecided decided : run.events(ApprovalDecided.class)) {
      SortedMap<String, Object> approval = new TreeMap<>();
      approval.put("decision", decided.decision());
      approval.put("who", decided.who());
      approval.put("why", decided.why());
      approval.put("at", decided.occurredAt());
      approval.put("checks", decided.checks());
      approvals.add(approval);
    }
    return approvals;
  }

  /** What the gates left, but for audit reports: those also hold who let a finding pass. */
  private static SortedMap<String, Object> gates(Map<String, Deliverable> stages) {
    SortedMap<String, Object> gates = new TreeMap<>();
    for (String gate : List.of(StageIds.QUALITY_GATE, StageIds.GOVERNANCE)) {
      Deliverable deliverable = stages.get(gate);
      if (deliverable != null) {
        SortedMap<String, Object> digests = digests(deliverable);
        digests.keySet().removeIf(role -> role.startsWith("audit-report"));
        gates.put(gate, digests);
      }
    }
    return gates;
  }

  private static SortedMap<String, Object> digests(Deliverable deliverable) {
    SortedMap<String, Object> digests = new TreeMap<>();
    deliverable
        .artifacts()
        .forEach(
            (name, ref) -> {
              // Times and run ids, by the name's convention: never equal in equal runs.
              if (!name.endsWith("-metadata")) {
                digests.put(name, ref.sha256());
              }
            });
    return digests;
  }

  private static SortedMap<String, Object> section(Map<String, Deliverable> stages, String stage) {
    Deliverable deliverable = deliverable(stages, stage);
    SortedMap<String, Object> metrics = new TreeMap<>(deliverable.metrics());
    metrics.keySet().removeAll(MEASURED);
    SortedMap<String, Object> section = new TreeMap<>();
    section.put("summary", deliverable.summary());
    section.put("metrics", metrics);
    section.put("evidence_sha256", digests(deliverable));
    return section;
  }

  private static SortedMap<String, Object> status(
      Origin accepted, Map<String, Deliverable> stages, SortedMap<String, HopTimes> times) {
    SortedMap<String, Object> artifacts = new TreeMap<>();
    SortedMap<String, Object> measured = new TreeMap<>();
    stages.forEach(
        (stage, deliverable) -> {
          artifacts.put(stage, deliverable.artifacts());
          deliverable
              .metrics()
              .forEach(
                  (name, value) -> {
                    if (MEASURED.contains(name)) {
                      measured.put(name, value);
                    }
                  });
        });
    SortedMap<String, Object> status = new TreeMap<>();
    status.put("run_id", accepted.runId());
    String parent = accepted.parentRunId();
    if (parent != null) {
      status.put("parent_run_id", parent);
    }
    Retraining retraining = accepted.retraining();
    if (retraining != null) {
      status.put("champion", retraining.champion());
    }
    status.put("accepted_at", accepted.occurredAt());
    status.put("hop_times_ms", times);
    status.put("artifacts", artifacts);
    status.put("measured", measured);
    return status;
  }

  private static Deliverable deliverable(Map<String, Deliverable> stages, String stage) {
    Deliverable deliverable = stages.get(stage);
    if (deliverable == null) {
      throw new IllegalArgumentException("stage " + stage + " has not delivered");
    }
    return deliverable;
  }
}
