package dev.mlhandoff.card;

import dev.mlhandoff.card.RunRecord.DeploymentStep;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.PipelineEvent.RolledBack;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.RouteTable.Route;
import dev.mlhandoff.messages.VersionOrder;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The part of a card that may change after the run: where the version stands, by the route table
 * that the replicas follow. The evidence and its digest are never touched.
 */
final class CardStatus {

  private static final String UNKNOWN = "unknown";

  private CardStatus() {}

  /**
   * The card under the newest route table of its model. The revision rises with every route and
   * with every step of the deployment.
   *
   * @param table null while no route table of the model has been seen
   * @param retrains the runs that train this version again
   */
  static ModelCard apply(ModelCard card, Run run, @Nullable RouteTable table, List<Run> retrains) {
    List<DeploymentStep> history = RunRecords.deployment(run);
    SortedMap<String, Object> status = new TreeMap<>(card.status());
    status.put("deployment_history", history);
    if (table != null) {
      route(table, card.version())
          .ifPresentOrElse(
              route -> {
                status.put("role", route.role().name().toLowerCase(Locale.ROOT));
                status.put("traffic_percent", route.weight());
              },
              () -> {
                status.remove("role");
                status.put("traffic_percent", 0);
              });
    }
    if (!retrains.isEmpty()) {
      status.put("retrains", RetrainStatus.of(retrains));
    }
    status.remove("superseded_by");
    if (table != null) {
      successor(card, table, retrains).ifPresent(by -> status.put("superseded_by", by));
    }
    status.put(
        "revision",
        (table == null ? 0 : table.revision()) + history.size() + RetrainStatus.revision(retrains));
    deadlineMissed(run).ifPresent(missed -> status.put("deadline_missed", missed));
    return new ModelCard(
        card.modelName(),
        card.version(),
        card.pipelineStages(),
        card.qualityScore(),
        deployment(card.version(), run, table),
        card.evidence(),
        card.evidenceDigest(),
        status);
  }

  /** The later version that serves instead, and why it was trained if it is a retrain. */
  private static Optional<SortedMap<String, Object>> successor(
      ModelCard card, RouteTable table, List<Run> retrains) {
    return table.routes().stream()
        .filter(route -> route.role() == Role.PRODUCTION)
        .map(Route::version)
        .filter(serving -> VersionOrder.compare(serving, card.version()) > 0)
        .findFirst()
        .map(
            serving -> {
              SortedMap<String, Object> by = new TreeMap<>();
              by.put("version", serving);
              RetrainStatus.because(retrains, serving)
                  .ifPresent(reason -> by.put("reason", reason));
              return by;
            });
  }

  /** Whether two cards say the same, whatever their revisions are. */
  static boolean same(ModelCard one, ModelCard other) {
    return withoutRevision(one).equals(withoutRevision(other));
  }

  private static String deployment(String version, Run run, @Nullable RouteTable table) {
    if (table == null) {
      return UNKNOWN;
    }
    Role role = route(table, version).map(Route::role).orElse(null);
    if (role == Role.PRODUCTION
        || role == Role.CHALLENGER
        || role == Role.CANARY
        || role == Role.STAGED
        || role == Role.SHADOW) {
      return role.name().toLowerCase(Locale.ROOT);
    }
    if (!run.events(RolledBack.class).isEmpty()) {
      return "rolled_back";
    }
    // Kept warm for a rollback, or no longer loaded anywhere.
    return role == Role.STANDBY ? "superseded" : "retired";
  }

  private static Optional<Route> route(RouteTable table, String version) {
    return table.routes().stream().filter(route -> route.version().equals(version)).findFirst();
  }

  /** Empty if the deadline is not an ISO date, or was met by the run that this one follows. */
  private static Optional<Boolean> deadlineMissed(Run run) {
    Origin accepted = run.accepted().orElse(null);
    RecordedEvent ending = run.ending().orElse(null);
    if (accepted == null || ending == null || accepted.retraining() != null) {
      return Optional.empty();
    }
    try {
      LocalDate deadline = LocalDate.parse(accepted.request().deadline());
      LocalDate finished = LocalDate.ofInstant(ending.event().occurredAt(), ZoneOffset.UTC);
      return Optional.of(finished.isAfter(deadline));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static String withoutRevision(ModelCard card) {
    SortedMap<String, Object> status = new TreeMap<>(card.status());
    status.remove("revision");
    ModelCard bare =
        new ModelCard(
            card.modelName(),
            card.version(),
            card.pipelineStages(),
            card.qualityScore(),
            card.deploymentStatus(),
            card.evidence(),
            card.evidenceDigest(),
            status);
    // As JSON, for a card that was read back holds maps where a new one holds records.
    return RunStore.json(bare);
  }
}
