package dev.mlhandoff.mos;

import dev.mlhandoff.mos.Retrain.State;
import dev.mlhandoff.runtime.access.Caller;
import dev.mlhandoff.runtime.access.RequiresRole;
import dev.mlhandoff.runtime.access.Role;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The orders to train a model again, and the way to give one by hand. */
@RestController
class RetrainController {

  private static final String DEFAULT_REASON = "no reason given";

  private final RetrainOrders orders;
  private final Retrains retrains;
  private final Deployments deployments;
  private final Clock clock;

  RetrainController(RetrainOrders orders, Retrains retrains, Deployments deployments, Clock clock) {
    this.orders = orders;
    this.retrains = retrains;
    this.deployments = deployments;
    this.clock = clock;
  }

  /** Why somebody wants it; kept with the order and on the new version's card. */
  record RetrainRequest(@Nullable String by, @Nullable String reason) {}

  /** An order as it stands. */
  record Entry(
      String runId,
      State state,
      @Nullable String parentVersion,
      @Nullable String version,
      String reason,
      @Nullable String code,
      String note,
      Instant orderedAt) {

    static Entry of(Retrain order) {
      return new Entry(
          order.runId(),
          order.state(),
          order.parentVersion(),
          order.version(),
          order.reason(),
          order.code(),
          order.note(),
          order.orderedAt());
    }
  }

  @GetMapping("/models/{model}/retrains")
  List<Entry> retrains(@PathVariable String model) {
    return retrains.of(model).stream().map(Entry::of).toList();
  }

  @PostMapping("/models/{model}/retrain")
  @RequiresRole(Role.REQUESTER)
  Entry retrain(
      @PathVariable String model,
      @RequestBody RetrainRequest request,
      @RequestAttribute(name = Caller.ATTRIBUTE, required = false) @Nullable Caller caller) {
    if (deployments.of(model).isEmpty()) {
      throw Refusal.of(HttpStatus.NOT_FOUND, "UNKNOWN_MODEL", "no model " + model);
    }
    String reason =
        "by hand, %s: %s"
            .formatted(
                Caller.name(caller, request.by()),
                request.reason() == null ? DEFAULT_REASON : request.reason());
    Retrain order =
        orders.order(
            "by-hand/" + model + "/" + clock.instant(), model, null, reason, new TreeMap<>());
    if (order.state() == State.REFUSED) {
      throw Refusal.of(HttpStatus.CONFLICT, String.valueOf(order.code()), order.note());
    }
    return Entry.of(order);
  }
}
