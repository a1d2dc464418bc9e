package dev.mlhandoff.e2e.governance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.Approval.Decision;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.GateVerdict;
import dev.mlhandoff.messages.GovernanceCheck;
import dev.mlhandoff.messages.GovernanceVerdict;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent.ApprovalDecided;
import dev.mlhandoff.messages.PipelineEvent.ApprovalRefused;
import dev.mlhandoff.messages.PipelineEvent.GateEvaluated;
import dev.mlhandoff.messages.PipelineEvent.GovernanceEvaluated;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RunParked;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the gates stop, what a human changes, and that nothing is ever decided twice. */
@TestInstance(Lifecycle.PER_CLASS)
class GatesFlowTest {

  private static final String CLERK = "A. Clerk";

  @TempDir private static Path folder;
  private Chain chain;
  private String leaky;
  private String biased;
  private String fair;

  @BeforeAll
  void startRuns() throws Exception {
    chain = new Chain(folder);
    leaky = chain.request("leaky");
    biased = chain.request("biased");
    fair = chain.request("fair");
  }

  @AfterAll
  void stop() throws Exception {
    chain.close();
  }

  @Test
  void stopsWhatIsNotTrueAndParksWhatAHumanHasToDecide() throws Exception {
    theLeakIsStoppedByNameAndNeedsAWaiver();
    theBiasFailsWithItsNumbers();
    withoutTheBiasTheRunGoesOn();
    tamperedEvidenceIsRefused();
    rejectionAndExpiryEndARun();
    chain.restartAndRedeliverToTheGates();
    nothingIsDecidedTwice();
  }

  private void theLeakIsStoppedByNameAndNeedsAWaiver() throws Exception {
    RunParked parked = chain.await(leaky, RunParked.class);
    assertThat(parked.needs()).isEqualTo(Decision.WAIVE);
    assertThat(parked.checks()).containsExactly("leak-alarms-resolved");
    assertThat(parked.reasons()).singleElement().asString().contains("column membership");
    assertThat(parked.score()).isGreaterThan(parked.threshold());

    decide(leaky, Decision.APPROVE, "looks fine");
    assertThat(refusal(leaky)).isEqualTo("WAIVER_NEEDED");
    decide(leaky, Decision.WAIVE, "membership is known before the loan");
    ApprovalDecided decided = chain.await(leaky, ApprovalDecided.class);
    assertThat(decided.who()).isEqualTo(CLERK);
    JsonNode report = Json.tree(chain.read(Objects.requireNonNull(decided.report())));
    assertThat(report.path("reportVersion").asInt()).isEqualTo(2);
    assertThat(report.path("decision").path("decision").asString()).isEqualTo("waive");
    decide(leaky, Decision.REJECT, "too late");
    chain.await(leaky, ApprovalRefused.class, e -> e.code().equals("ALREADY_DECIDED"));
  }

  private void theBiasFailsWithItsNumbers() throws Exception {
    RunParked parked = chain.await(biased, RunParked.class);
    assertThat(parked.needs()).isEqualTo(Decision.APPROVE);
    assertThat(parked.checks()).containsExactly("equal-opportunity");
    GovernanceEvaluated audit = chain.await(biased, GovernanceEvaluated.class);
    GovernanceCheck check = check(audit, "equal-opportunity");
    assertThat(check.numbers().get("lower")).isGreaterThan(0.1);
    assertThat(check.numbers())
        .containsKeys("origin=a true-positive rate", "origin=b true-positive rate");
    assertThat(check.evidence()).containsKey("data_pipeline/audit-attributes");
    JsonNode report = Json.tree(chain.read(Objects.requireNonNull(audit.report())));
    assertThat(report.path("groups")).hasSize(2);
    assertThat(report.path("groups").get(0).path("positives").asInt()).isGreaterThan(50);
  }

  private void withoutTheBiasTheRunGoesOn() {
    GovernanceEvaluated audit = chain.await(fair, GovernanceEvaluated.class);
    assertThat(audit.verdict()).as("%s", audit.reasons()).isEqualTo(GovernanceVerdict.PASSED);
    assertThat(check(audit, "equal-opportunity").passed()).isTrue();
    assertThat(check(audit, "reproducible").passed()).isTrue();
    assertThat(only(fair)).extracting(ProjectOutcome::status).isEqualTo(Status.COMPLETED);
  }

  private void tamperedEvidenceIsRefused() throws Exception {
    StageHandoff honest = chain.values(Topics.STAGE_GATE, fair).get(0);
    ArtifactRef ref = honest.deliverable(StageIds.TRAINING).artifact("experiment-report");
    ObjectNode edited = (ObjectNode) Json.tree(chain.read(ref));
    ((ObjectNode) edited.path("leaderboard").get(0).path("metrics")).put("auc_roc", 0.999);
    ArtifactRef lie = chain.write("edited/report.json", Json.write(edited), ref.mediaType());
    mismatch("run-0000000000000001", honest, "experiment-report", lie, "auc_roc");

    ArtifactRef predictions = honest.deliverable(StageIds.TRAINING).artifact("oof-predictions");
    byte[] content = chain.read(predictions);
    content[content.length / 2] ^= 1;
    ArtifactRef changed = chain.write("tampered/oof.parquet", content, predictions.mediaType());
    ArtifactRef claimed =
        new ArtifactRef(
            changed.uri(), predictions.sha256(), predictions.bytes(), predictions.mediaType());
    mismatch("run-0000000000000002", honest, "oof-predictions", claimed, "ARTIFACT_CORRUPT");
  }

  private void mismatch(
      String runId, StageHandoff honest, String role, ArtifactRef ref, String reason)
      throws Exception {
    StageHandoff forged = Chain.with(Chain.as(runId, honest), StageIds.TRAINING, role, ref);
    chain.send(Topics.STAGE_GATE, runId, forged);
    Rejected rejected = chain.await(runId, Rejected.class);
    assertThat(rejected.code()).isEqualTo("EVIDENCE_MISMATCH");
    assertThat(rejected.message()).contains(reason);
    GateEvaluated verdict = chain.await(runId, GateEvaluated.class);
    assertThat(verdict.verdict()).isEqualTo(GateVerdict.EVIDENCE_MISMATCH);
    assertThat(chain.values(Topics.STAGE_ESC, runId)).isEmpty();
    assertThat(chain.values(Topics.STAGE_GCA, runId)).isEmpty();
  }

  private void rejectionAndExpiryEndARun() throws Exception {
    StageHandoff handoff = chain.values(Topics.STAGE_GCA, leaky).get(0);
    String refused = "run-0000000000000003";
    String forgotten = "run-0000000000000004";
    chain.send(Topics.STAGE_GCA, refused, Chain.as(refused, handoff));
    chain.send(Topics.STAGE_GCA, forgotten, Chain.as(forgotten, handoff));
    chain.await(refused, RunParked.class);
    decide(refused, Decision.EXPIRE, "not my business");
    chain.await(refused, ApprovalRefused.class, e -> e.code().equals("INVALID_APPROVAL"));
    decide(refused, Decision.REJECT, "the column is no feature");
    assertThat(chain.await(refused, Rejected.class).code()).isEqualTo("GOVERNANCE_REJECTED");
    chain.await(forgotten, RunParked.class);
    chain.expire(forgotten);
    assertThat(chain.await(forgotten, Rejected.class).code()).isEqualTo("GOVERNANCE_EXPIRED");
    decide("run-0000000000000005", Decision.APPROVE, "whatever it is");
    assertThat(refusal("run-0000000000000005")).isEqualTo("NOT_PARKED");
  }

  /** After everything was delivered to the gates again. */
  private void nothingIsDecidedTwice() throws Exception {
    decide(biased, Decision.APPROVE, "the product is offered to both groups by hand");
    for (String run : List.of(leaky, biased, fair)) {
      assertThat(only(run).status()).as(run).isEqualTo(Status.COMPLETED);
      List<StageHandoff> onward = chain.values(Topics.STAGE_IOR, run);
      // A redelivery may say the same again; it never says something else.
      assertThat(new HashSet<>(onward)).hasSize(1);
    }
    assertThat(card(leaky)).contains(CLERK, "membership is known before the loan", "waive");
    assertThat(card(biased)).contains(CLERK, "offered to both groups", "approve");
    for (String run : List.of("run-0000000000000003", "run-0000000000000004")) {
      assertThat(only(run).status()).isEqualTo(Status.REJECTED);
      assertThat(chain.values(Topics.STAGE_IOR, run)).isEmpty();
    }
    assertThat(
            new HashSet<>(
                chain.events(leaky).stream()
                    .filter(ApprovalDecided.class::isInstance)
                    .map(event -> ((ApprovalDecided) event).decision())
                    .toList()))
        .containsExactly(Decision.WAIVE);
  }

  private void decide(String runId, Decision decision, String why) throws Exception {
    chain.send(Topics.GATE_APPROVALS, runId, new Approval(runId, decision, CLERK, why));
  }

  private String refusal(String runId) {
    return chain.await(runId, ApprovalRefused.class).code();
  }

  private ProjectOutcome only(String runId) {
    List<ProjectOutcome> outcomes = chain.awaitValues(Topics.PROJECT_OUTCOMES, runId);
    assertThat(outcomes).as("outcomes of %s: %s", runId, outcomes).hasSize(1);
    return outcomes.get(0);
  }

  private String card(String runId) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(chain.cards() + "/cards/" + runId)).build(),
                HttpResponse.BodyHandlers.ofString(UTF_8));
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  private static GovernanceCheck check(GovernanceEvaluated audit, String id) {
    return audit.checks().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
  }
}
