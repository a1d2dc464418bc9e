package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Alert;
import dev.mlhandoff.messages.PipelineEvent.RetrainOrdered;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.ml.bundle.BundleException;
import dev.mlhandoff.mos.Retrain.State;
import dev.mlhandoff.mos.retrain.NotEnoughLabelsException;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.Failpoint;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.StageKeys;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands every order to ESC once enough outcomes are known, and tells how orders end: the row first,
 * then what follows from it, which may be sent again.
 */
final class RetrainTask {

  private static final Logger log = LoggerFactory.getLogger(RetrainTask.class);
  private static final String PLACE = "retrain";

  private final Retrains retrains;
  private final RetrainAssembly assembly;
  private final MessagePublisher publisher;
  private final Duration patience;
  private final Clock clock;

  RetrainTask(
      Retrains retrains,
      RetrainAssembly assembly,
      MessagePublisher publisher,
      Duration patience,
      Clock clock) {
    this.retrains = retrains;
    this.assembly = assembly;
    this.publisher = publisher;
    this.patience = patience;
    this.clock = clock;
  }

  void advanceAll() {
    announceAll();
    for (Retrain order : retrains.waiting()) {
      advance(order);
    }
    announceAll();
  }

  private void advance(Retrain order) {
    if (!retrains.parentServes(order)) {
      retrains.expire(
          order,
          "VERSION_REPLACED",
          "version " + order.parentVersion() + " is not in production any more");
      return;
    }
    try {
      retrains.handOver(order, assembly.assemble(order));
      log.info(
          "{}: {} is trained again, {}", order.modelId(), order.parentVersion(), order.runId());
      Failpoint.AFTER_ROW.hit(PLACE);
    } catch (NotEnoughLabelsException e) {
      waits(order, "TOO_FEW_LABELS", String.valueOf(e.getMessage()));
    } catch (RejectionException | BundleException e) {
      retrains.expire(order, "ARTIFACT_CORRUPT", String.valueOf(e.getMessage()));
    } catch (IOException | SQLException | RuntimeException e) {
      log.warn("{}: the rows cannot be put together", order.runId(), e);
      waits(order, "NOT_ASSEMBLED", e.toString());
    }
  }

  /** Tries again later, until the patience is at its end. */
  private void waits(Retrain order, String code, String reason) {
    if (order.orderedAt().plus(patience).isBefore(clock.instant())) {
      retrains.expire(order, code, reason);
    } else if (!reason.equals(order.note())) {
      log.info("the retrain of {} waits: {}", order.modelId(), reason);
      retrains.waits(order, reason);
    }
  }

  private void announceAll() {
    for (Retrain order : retrains.unannounced()) {
      publisher.sendTogether(emissions(order));
      Failpoint.AFTER_SEND.hit(PLACE);
      retrains.announced(order);
    }
  }

  private List<Emission> emissions(Retrain order) {
    List<Emission> emissions = new ArrayList<>();
    emissions.add(new Emission(Topics.ALERTS, order.modelId(), alert(order)));
    StageHandoff handoff = order.handoff();
    if (order.state() == State.HANDED_OVER && handoff != null) {
      emissions.add(
          new Emission(
              Topics.PIPELINE_EVENTS,
              order.runId(),
              new RetrainOrdered(
                  StageKeys.eventId(order.runId(), StageIds.DEPLOYMENT, 1, "RetrainOrdered"),
                  order.runId(),
                  order.orderedAt(),
                  handoff.request(),
                  order.modelId(),
                  handoff.version(),
                  Objects.requireNonNull(handoff.parentRunId()),
                  Objects.requireNonNull(handoff.retraining()),
                  handoff.deliverables())));
      emissions.add(new Emission(Topics.STAGE_ESC, order.runId(), handoff));
    }
    return emissions;
  }

  private Alert alert(Retrain order) {
    String parent = String.valueOf(order.parentVersion());
    String message =
        order.state() == State.HANDED_OVER
            ? "version %s is trained again as %s: %s"
                .formatted(parent, order.version(), order.reason())
            : "version %s goes on serving: its retrain ended with %s: %s"
                .formatted(parent, order.code(), order.note());
    return new Alert(
        order.runId() + "/" + order.state(),
        clock.instant(),
        order.modelId(),
        parent,
        Alert.Kind.RETRAIN,
        order.state() == State.HANDED_OVER ? Alert.Severity.WARNING : Alert.Severity.CRITICAL,
        "retrain",
        order.statistics(),
        message);
  }
}
