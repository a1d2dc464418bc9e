package dev.mlhandoff.mos;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.mos.rollout.Position;
import dev.mlhandoff.mos.rollout.Position.State;
import dev.mlhandoff.runtime.access.Caller;
import dev.mlhandoff.runtime.access.RequiresRole;
import dev.mlhandoff.runtime.access.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The audit trail of a model, and the way to roll its newest version back by hand. */
@RestController
class RolloutController {

  private static final String DEFAULT_REASON = "no reason given";

  private final Deployments deployments;

  RolloutController(Deployments deployments) {
    this.deployments = deployments;
  }

  /** Why somebody wants the rollback; kept in the audit trail. */
  record RollbackRequest(@Nullable String by, @Nullable String reason) {}

  /** What was taken out of traffic, and what answers now. */
  record RollbackResponse(
      String model, String rolledBack, @Nullable String serving, long revision) {}

  /** One entry of the audit trail; a rollback has its effect once that is measured. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Entry(
      String runId,
      String version,
      String from,
      String to,
      long revision,
      String reason,
      Instant at,
      @Nullable Long stoppedAfterMs) {}

  @GetMapping("/models/{model}/transitions")
  List<Entry> transitions(@PathVariable String model) {
    return deployments.transitions(model).stream()
        .map(
            t ->
                new Entry(
                    t.handoff().runId(),
                    t.handoff().version(),
                    t.from(),
                    t.to(),
                    t.revision(),
                    t.reason(),
                    t.at(),
                    t.stoppedAfterMs()))
        .toList();
  }

  /** Ends the rollout that is under way; if there is none, goes back to the version before. */
  @PostMapping("/models/{model}/rollback")
  @RequiresRole(Role.APPROVER)
  RollbackResponse rollBack(
      @PathVariable String model,
      @RequestBody RollbackRequest request,
      @RequestAttribute(name = Caller.ATTRIBUTE, required = false) @Nullable Caller caller) {
    Deployment newest = newest(model);
    String reason =
        "by hand, %s: %s"
            .formatted(
                Caller.name(caller, request.by()),
                request.reason() == null ? DEFAULT_REASON : request.reason());
    if (!deployments.move(newest, Position.at(State.ROLLED_BACK), reason)) {
      throw Refusal.of(HttpStatus.CONFLICT, "MOVED_MEANWHILE", "the rollout has just moved on");
    }
    return new RollbackResponse(
        model,
        newest.version(),
        deployments.find(model, State.PRODUCTION).map(Deployment::version).orElse(null),
        deployments.route(model).map(RouteTable::revision).orElse(0L));
  }

  private Deployment newest(String model) {
    List<Deployment> all = deployments.of(model);
    if (all.isEmpty()) {
      throw Refusal.of(HttpStatus.NOT_FOUND, "UNKNOWN_MODEL", "no model " + model);
    }
    Optional<Deployment> open =
        deployments.open().stream().filter(d -> d.modelId().equals(model)).findFirst();
    if (open.isPresent()) {
      return open.get();
    }
    if (deployments.find(model, State.SUPERSEDED).isEmpty()) {
      throw Refusal.of(
          HttpStatus.CONFLICT,
          "NOTHING_TO_ROLL_BACK_TO",
          "no version before the one that serves is kept warm");
    }
    return deployments.find(model, State.PRODUCTION).orElseThrow();
  }
}
