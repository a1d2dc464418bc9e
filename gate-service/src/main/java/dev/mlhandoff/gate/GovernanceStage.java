package dev.mlhandoff.gate;

import dev.mlhandoff.gate.governance.CheckRule;
import dev.mlhandoff.gate.governance.CheckRule.HardStop;
import dev.mlhandoff.gate.governance.Finding;
import dev.mlhandoff.gate.governance.GovernancePolicy;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.GovernanceCheck;
import dev.mlhandoff.messages.GovernanceCheck.Severity;
import dev.mlhandoff.messages.GovernanceVerdict;
import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.Stage;
import dev.mlhandoff.runtime.StageContext;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Audits a run that passed the quality gate; parks it where a human has to decide. */
final class GovernanceStage implements Stage<StageHandoff, GovernanceOutput> {

  private final GovernancePolicy policy;
  private final QualityPolicy quality;
  private final ParkedRuns parked;
  private final GateMetrics metrics;

  GovernanceStage(
      GovernancePolicy policy, QualityPolicy quality, ParkedRuns parked, GateMetrics metrics) {
    this.policy = policy;
    this.quality = quality;
    this.parked = parked;
    this.metrics = metrics;
  }

  @Override
  public GovernanceOutput run(StageHandoff handoff, StageContext context) throws Exception {
    Audit audit = new Audit(handoff, new ArtifactReader(handoff, context), policy, quality);
    Audit.Result result = audit.run(context::progress);
    List<GovernanceCheck> checks = checks(policy, result.findings(), handoff);
    GovernanceVerdict verdict = verdict(result.findings());
    metrics.governance(verdict, checks);
    double score =
        handoff
            .find(StageIds.QUALITY_GATE)
            .map(gate -> gate.metrics().getOrDefault("quality_score", 0.0))
            .orElse(0.0);
    double threshold = quality.thresholdOf(handoff.request().qualityGate());
    SortedMap<String, ArtifactRef> artifacts =
        AuditReport.of(policy, verdict, checks, result.fairness(), score, threshold)
            .store(context::write);
    artifacts.putAll(new GovernanceSpecification(policy).store(context::write));
    Deliverable deliverable =
        Deliverable.of(
            StageIds.GOVERNANCE,
            "GCA",
            handoff.attempt(),
            summary(verdict, checks),
            artifacts,
            metrics(checks));
    GovernanceOutput output =
        new GovernanceOutput(
            verdict, score, threshold, checks, policy.version(), deliverable, null);
    return verdict == GovernanceVerdict.PARKED
        ? output.until(parked.park(handoff, output, policy.decideWithin()))
        : output;
  }

  private GovernanceVerdict verdict(List<Finding> findings) {
    boolean waits = false;
    for (Finding finding : findings) {
      CheckRule rule = policy.rule(finding.check());
      if (finding.passed() || rule.severity() == CheckRule.Severity.ADVISORY) {
        continue;
      }
      // Without verified evidence there is nothing that a human could decide on.
      if (rule.hardStop() == HardStop.END || findings.size() == 1) {
        return GovernanceVerdict.STOPPED;
      }
      waits = true;
    }
    return waits ? GovernanceVerdict.PARKED : GovernanceVerdict.PASSED;
  }

  /** What was found, with what the policy says of it. */
  static List<GovernanceCheck> checks(
      GovernancePolicy policy, List<Finding> findings, StageHandoff handoff) {
    return findings.stream().map(finding -> check(policy, finding, handoff)).toList();
  }

  private static GovernanceCheck check(
      GovernancePolicy policy, Finding finding, StageHandoff handoff) {
    CheckRule rule = policy.rule(finding.check());
    SortedMap<String, String> evidence = new TreeMap<>();
    for (String name : finding.evidence()) {
      String stage = name.substring(0, name.indexOf('/'));
      String role = name.substring(name.indexOf('/') + 1);
      handoff
          .find(stage)
          .map(deliverable -> deliverable.artifacts().get(role))
          .ifPresent(ref -> evidence.put(name, ref.sha256()));
    }
    SortedMap<String, Double> numbers = new TreeMap<>(finding.numbers());
    numbers.values().removeIf(value -> value.isNaN() || value.isInfinite());
    return new GovernanceCheck(
        finding.check(),
        Severity.valueOf(rule.severity().name()),
        finding.passed(),
        finding.text(),
        evidence,
        numbers,
        finding.passed() ? "" : rule.remediation(),
        finding.passed() ? "" : rule.deadline().toString());
  }

  private static String summary(GovernanceVerdict verdict, List<GovernanceCheck> checks) {
    List<String> failed = new ArrayList<>();
    for (GovernanceCheck check : checks) {
      if (!check.passed()) {
        failed.add(check.id() + ": " + check.finding());
      }
    }
    return "Audit %s: %d of %d checks passed.%s"
        .formatted(
            verdict,
            checks.size() - failed.size(),
            checks.size(),
            failed.isEmpty() ? "" : " " + String.join("; ", failed) + ".");
  }

  private static SortedMap<String, Double> metrics(List<GovernanceCheck> checks) {
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put("checks", (double) checks.size());
    metrics.put("checks_failed", (double) checks.stream().filter(check -> !check.passed()).count());
    return metrics;
  }
}
