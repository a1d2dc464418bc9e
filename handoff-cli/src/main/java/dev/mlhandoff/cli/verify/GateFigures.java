package dev.mlhandoff.cli.verify;

import dev.mlhandoff.gate.Reexamination;
import dev.mlhandoff.messages.GovernanceCheck;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the gates decided, decided again: from stored predictions, hold-out, model and lineage. */
final class GateFigures {

  /** Counts all attempts' artifacts, of which a card names the last attempt's. */
  private static final String ARTIFACTS_VERIFIED = "artifacts-verified";

  private final ReadCard card;
  private final CardArtifacts artifacts;
  private final Ledger ledger;

  GateFigures(ReadCard card, CardArtifacts artifacts, Ledger ledger) {
    this.card = card;
    this.artifacts = artifacts;
    this.ledger = ledger;
  }

  /** Checks them; answers the figures of the selected configuration, null if there are none. */
  @Nullable Map<String, Double> check() {
    try {
      JsonNode written = artifacts.json(card.artifact(StageIds.QUALITY_GATE, "gate-report"));
      request(written.path("request"));
      Reexamination again =
          new Reexamination(card.handoff(written.path("request")), artifacts::fetch);
      Reexamination.Quality quality = again.quality();
      report(written, quality.report());
      metrics(quality.report());
      checks(again.checks());
      return quality.figures().isEmpty() ? null : quality.figures();
    } catch (IOException | RejectionException | RuntimeException e) {
      ledger.broken("metric metrics", e);
      return null;
    }
  }

  /** What the requester asked for. */
  private void request(JsonNode request) {
    String where = "the request in the gate report";
    JsonNode details = card.evidence().path("model_details");
    ledger.same("project", card.card().modelName(), request.path("name").asString(""), where);
    ledger.same(
        "model_details/seed",
        details.path("seed").asLong(-1),
        request.path("seed").asLong(),
        where);
    ledger.same(
        "model_details/deadline",
        details.path("deadline").asString(""),
        request.path("deadline").asString(""),
        where);
    String use = card.evidence().path("intended_use").asString("");
    if (use.contains(request.path("dataset").asString("?"))
        && use.contains(request.path("target").asString("?"))) {
      ledger.holds("intended_use", "names dataset and target of " + where);
    } else {
      ledger.fails("intended_use", "it names another dataset or target than " + where);
    }
  }

  private void report(JsonNode written, JsonNode found) {
    Set<String> keys = new TreeSet<>(written.propertyNames());
    found.propertyNames().forEach(keys::add);
    for (String key : keys) {
      if (!equal(written.path(key), found.path(key))) {
        ledger.fails(
            "gate report/" + key,
            "the report says %s, the artifacts give %s"
                .formatted(written.path(key), found.path(key)));
      }
    }
    if (keys.stream().allMatch(key -> equal(written.path(key), found.path(key)))) {
      ledger.holds(
          "gate report",
          "%s, %d figures of the experiment report computed again"
              .formatted(
                  found.path("verdict").asString(""), found.path("figuresCompared").asInt()));
    }
  }

  private void metrics(JsonNode found) {
    JsonNode claimed = card.evidence().path("metrics");
    Map<String, Double> dimensions = new TreeMap<>();
    claimed
        .path("dimensions")
        .propertyNames()
        .forEach(
            name -> dimensions.put(name, found.path("metrics").path(name).asDouble(Double.NaN)));
    ledger.figures(
        "metric metrics/dimensions", claimed.path("dimensions"), dimensions, "the predictions");
    ledger.same(
        "metric metrics/quality_score",
        claimed.path("quality_score").asDouble(),
        found.path("metrics").path("quality_score").asDouble(),
        "the predictions");
    for (Map.Entry<String, String> field :
        Map.of("threshold", "threshold", "policy_version", "policyVersion", "attempt", "attempt")
            .entrySet()) {
      ledger.same(
          "metric metrics/" + field.getKey(),
          claimed.path(field.getKey()),
          found.path(field.getValue()),
          "the gate report");
    }
    if (claimed.path("reasons").equals(found.path("reasons"))) {
      found
          .path("reasons")
          .forEach(reason -> ledger.holds("metric metrics/reasons", reason.asString("")));
    } else {
      ledger.fails(
          "metric metrics/reasons",
          "the card says %s, the artifacts give %s"
              .formatted(claimed.path("reasons"), found.path("reasons")));
    }
    JsonNode comparison = card.evidence().path("retraining").path("champion_and_challenger");
    if (comparison.isObject()) {
      if (equal(comparison, found.path("championComparison"))) {
        ledger.holds(
            "retraining/champion_and_challenger", found.path("championComparison").toString());
      } else {
        ledger.fails(
            "retraining/champion_and_challenger",
            "the card says %s, the hold-out gives %s"
                .formatted(comparison, found.path("championComparison")));
      }
    }
  }

  private void checks(List<GovernanceCheck> found) {
    JsonNode claimed = card.evidence().path("ethical_considerations").path("checks");
    Map<String, JsonNode> byId = new TreeMap<>();
    claimed.forEach(check -> byId.put(check.path("id").asString(""), check));
    for (GovernanceCheck check : found) {
      String subject = "check " + check.id();
      JsonNode claim = byId.remove(check.id());
      JsonNode again = Json.tree(Json.write(check));
      if (claim == null) {
        ledger.fails(subject, "the card does not have it");
      } else if (check.id().equals(ARTIFACTS_VERIFIED)
          ? claim.path("passed").asBoolean() == check.passed()
          : equal(claim, again)) {
        ledger.holds(subject, check.finding());
      } else {
        ledger.fails(
            subject,
            "the card says '%s', the audit finds '%s'"
                .formatted(claim.path("finding").asString(""), check.finding()));
      }
    }
    byId.keySet().forEach(id -> ledger.fails("check " + id, "no audit has such a check"));
  }

  /** Numbers may stand as whole ones or not; everything else is the same or is not. */
  static boolean equal(JsonNode one, JsonNode other) {
    return one.equals(
        (a, b) ->
            a.isNumber() && b.isNumber()
                ? Double.compare(a.asDouble(), b.asDouble())
                : a.equals(b) ? 0 : 1,
        other);
  }
}
