package dev.mlhandoff.cli.verify;

import dev.mlhandoff.messages.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Holds a card's digest and status against what the card service has from the topics. */
final class RunTrail {

  /** Written once, when the version was promoted. */
  private static final List<String> SETTLED =
      List.of(
          "run_id",
          "parent_run_id",
          "champion",
          "accepted_at",
          "deadline_missed",
          "hop_times_ms",
          "artifacts",
          "measured",
          "approvals");

  /** What moves with the routes; an older card may say otherwise than the newest. */
  private static final Set<String> MOVING =
      Set.of(
          "deployment_history", "revision", "retrains", "role", "superseded_by", "traffic_percent");

  private RunTrail() {}

  /**
   * Checks it.
   *
   * @param run the record of the run
   * @param newest the card as the service has it
   */
  static void check(ReadCard card, JsonNode run, byte[] newest, Ledger ledger) {
    JsonNode current = Json.tree(newest);
    ledger.same(
        "outcome",
        card.card().evidenceDigest(),
        run.path("outcome").path("card").path("sha256").asString("none"),
        "the outcome of " + card.runId());
    Set<String> names = new TreeSet<>(card.tree().path("status").propertyNames());
    current.path("status").propertyNames().forEach(names::add);
    long revision = card.status("revision").asLong(-1);
    boolean isNewest = revision == current.path("status").path("revision").asLong(-2);
    List<String> compared = new ArrayList<>(SETTLED);
    names.stream().filter(n -> !SETTLED.contains(n) && !MOVING.contains(n)).forEach(compared::add);
    if (isNewest) {
      compared.addAll(new TreeSet<>(MOVING));
    }
    for (String name : compared) {
      if (names.contains(name)) {
        same("status/" + name, card.status(name), current.path("status").path(name), ledger);
      }
    }
    if (isNewest) {
      same(
          "deployment_status",
          card.tree().path("deployment_status"),
          current.path("deployment_status"),
          ledger);
    } else {
      earlier(card, current, revision, ledger);
    }
  }

  /** The history of an older card is how that of the newest begins. */
  private static void earlier(ReadCard card, JsonNode current, long revision, Ledger ledger) {
    JsonNode told = card.status("deployment_history");
    JsonNode now = current.path("status").path("deployment_history");
    long newest = current.path("status").path("revision").asLong(-1);
    boolean begins = revision < newest && told.size() <= now.size();
    for (int i = 0; begins && i < told.size(); i++) {
      begins = GateFigures.equal(told.get(i), now.get(i));
    }
    if (begins) {
      ledger.holds(
          "status/deployment_history",
          "revision %d of a card that has moved on to %d".formatted(revision, newest));
      ledger.unchecked("deployment_status", "it has changed since revision " + revision);
    } else {
      ledger.fails(
          "status/deployment_history",
          "it is not how that of revision %d begins".formatted(newest));
    }
  }

  private static void same(String subject, JsonNode claimed, JsonNode found, Ledger ledger) {
    if (GateFigures.equal(claimed, found)) {
      ledger.holds(subject, "as the card service has it");
    } else {
      ledger.fails(subject, "the card says %s, the card service %s".formatted(claimed, found));
    }
  }
}
