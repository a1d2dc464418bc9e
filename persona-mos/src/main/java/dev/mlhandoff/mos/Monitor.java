package dev.mlhandoff.mos;

import dev.mlhandoff.messages.MonitoringWindow.Kind;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.ml.bundle.BundleException;
import dev.mlhandoff.mos.References.Watched;
import dev.mlhandoff.mos.monitoring.PredictionRecord;
import dev.mlhandoff.mos.monitoring.Window;
import dev.mlhandoff.mos.monitoring.WindowReport;
import dev.mlhandoff.mos.rollout.Position.State;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Judges the windows of every version in production as they fill up. The report, its position and
 * what is told of it are one transaction, so that no prediction counts twice.
 */
final class Monitor {

  private static final Logger log = LoggerFactory.getLogger(Monitor.class);
  private static final int WINDOWS_A_TURN = 10;

  /** A version whose artifacts cannot be read is not tried again at every turn. */
  private static final Duration NEXT_TRY = Duration.ofSeconds(15);

  private final Deployments deployments;
  private final PredictionRecords records;
  private final References references;
  private final MonitoredWindows windows;
  private final DriftNotices notices;
  private final Outbox outbox;
  private final MonitoringMetrics metrics;
  private final TransactionTemplate transaction;
  private final MonitoringProperties properties;
  private final Clock clock;

  /** When deriving the references of a run failed last. */
  private final Map<String, Instant> unwatchable = new HashMap<>();

  Monitor(
      Deployments deployments,
      PredictionRecords records,
      References references,
      MonitoredWindows windows,
      DriftNotices notices,
      Outbox outbox,
      MonitoringMetrics metrics,
      TransactionTemplate transaction,
      MonitoringProperties properties,
      Clock clock) {
    this.deployments = deployments;
    this.records = records;
    this.references = references;
    this.windows = windows;
    this.notices = notices;
    this.outbox = outbox;
    this.metrics = metrics;
    this.transaction = transaction;
    this.properties = properties;
    this.clock = clock;
  }

  /** Judges what has filled up since, of every model. */
  void watchAll() {
    for (Deployment deployment : deployments.in(State.PRODUCTION)) {
      for (Kind kind : Kind.values()) {
        if (!hasJustFailed(deployment)) {
          watch(deployment, kind);
        }
      }
    }
    outbox.sendAll();
  }

  private boolean hasJustFailed(Deployment deployment) {
    Instant failed = unwatchable.get(deployment.handoff().runId());
    return failed != null && failed.plus(NEXT_TRY).isAfter(clock.instant());
  }

  private void watch(Deployment deployment, Kind kind) {
    boolean full = true;
    for (int i = 0; full && i < WINDOWS_A_TURN; i++) {
      Optional<JudgedWindow> before =
          windows.latest(deployment.modelId(), deployment.version(), kind);
      List<PredictionRecord> rows =
          rows(deployment, kind, before.map(JudgedWindow::position).orElse(0L));
      full = rows.size() == properties.window() && judge(deployment, kind, rows, before);
    }
  }

  private List<PredictionRecord> rows(Deployment deployment, Kind kind, long position) {
    String modelId = deployment.modelId();
    String version = deployment.version();
    int size = properties.window();
    if (kind == Kind.OUTCOMES) {
      return records.countLabelled(modelId, version, position) < size
          ? List.of()
          : records.labelledAfter(modelId, version, position, size);
    }
    return records.count(modelId, version, position) < size
        ? List.of()
        : records.after(modelId, version, position, size);
  }

  private boolean judge(
      Deployment deployment,
      Kind kind,
      List<PredictionRecord> rows,
      Optional<JudgedWindow> before) {
    Optional<Watched> watched = watched(deployment);
    if (watched.isEmpty()) {
      return false;
    }
    Window window = new Window(rows);
    WindowReport report =
        kind == Kind.PREDICTIONS
            ? watched.get().predictions().compare(window, properties.falseAlarmRate())
            : watched.get().outcomes().compare(window, properties.falseAlarmRate());
    PredictionRecord last = rows.get(rows.size() - 1);
    Long labelled = last.labelled();
    JudgedWindow judged =
        new JudgedWindow(
            deployment.modelId(),
            deployment.version(),
            kind,
            kind == Kind.OUTCOMES && labelled != null ? labelled : last.arrived(),
            rows.stream().mapToLong(PredictionRecord::arrived).min().orElseThrow() - 1,
            rows.stream().mapToLong(PredictionRecord::arrived).max().orElseThrow(),
            rows.size(),
            clock.instant(),
            report);
    String runId = deployment.handoff().runId();
    transaction.executeWithoutResult(
        status -> {
          windows.add(judged);
          outbox.add(Topics.MONITORING_WINDOWS, judged.modelId(), judged.message(runId));
          before.ifPresentOrElse(
              earlier -> notices.tell(judged, earlier, runId), () -> notices.tell(judged));
        });
    metrics.judged(judged);
    return true;
  }

  private Optional<Watched> watched(Deployment deployment) {
    try {
      Watched watched = references.of(deployment.handoff());
      unwatchable.remove(deployment.handoff().runId());
      return Optional.of(watched);
    } catch (IOException | SQLException | RejectionException | BundleException e) {
      if (unwatchable.put(deployment.handoff().runId(), clock.instant()) == null) {
        log.error("{} {} is not watched", deployment.modelId(), deployment.version(), e);
      }
      return Optional.empty();
    }
  }
}
