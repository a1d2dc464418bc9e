package dev.mlhandoff.messages;

import java.util.List;
import java.util.Map;

/** The one list of topics: the source for creation, access control and documentation. */
public final class Topics {

  /** Partitions of every topic; dead-letter topics have as many. */
  public static final int PARTITIONS = 12;

  /** Largest record of the request topic in bytes; over it the broker refuses the producer. */
  public static final int MAX_REQUEST_RECORD_BYTES = 256 * 1024;

  /** Largest request that is worked on, in bytes; over it the request is rejected. */
  public static final int MAX_REQUEST_BYTES = 64 * 1024;

  private static final String RUN_ID = "run id";
  // Run records and cards are rebuilt from it, however old they are.
  private static final Map<String, String> KEPT = Map.of("retention.ms", "-1");
  private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");

  public static final Topic<ProjectRequest> PROJECT_REQUESTS =
      new Topic<>(
          "project.requests.v1",
          ProjectRequest.class,
          "any, or none",
          Map.of("max.message.bytes", String.valueOf(MAX_REQUEST_RECORD_BYTES)));
  public static final Topic<StageHandoff> STAGE_FAR = stage("stage.far.v1", RUN_ID);
  public static final Topic<StageHandoff> STAGE_ESC = stage("stage.esc.v1", RUN_ID);
  public static final Topic<StageHandoff> STAGE_GATE = stage("stage.gate.v1", RUN_ID);
  public static final Topic<StageHandoff> STAGE_GCA = stage("stage.gca.v1", RUN_ID);
  public static final Topic<StageHandoff> STAGE_IOR = stage("stage.ior.v1", RUN_ID);
  public static final Topic<StageHandoff> STAGE_MOS = stage("stage.mos.v1", "model id");
  public static final Topic<Trial> ESC_TRIALS =
      new Topic<>("esc.trials.v1", Trial.class, RUN_ID, Map.of());
  public static final Topic<TrialResult> ESC_TRIAL_RESULTS =
      new Topic<>("esc.trial-results.v1", TrialResult.class, RUN_ID, Map.of());
  public static final Topic<PipelineEvent> PIPELINE_EVENTS =
      new Topic<>("pipeline.events.v1", PipelineEvent.class, RUN_ID, KEPT);
  public static final Topic<Approval> GATE_APPROVALS =
      new Topic<>("gate.approvals.v1", Approval.class, RUN_ID, Map.of());
  public static final Topic<ProjectOutcome> PROJECT_OUTCOMES =
      new Topic<>("project.outcomes.v1", ProjectOutcome.class, RUN_ID, Map.of());
  public static final Topic<ModelCard> MODEL_CARDS =
      new Topic<>("model.cards.v1", ModelCard.class, "model id/version", COMPACTED);
  public static final Topic<FeatureView> FEATURE_VIEWS =
      new Topic<>("feature.views.v1", FeatureView.class, "project/view/version", COMPACTED);
  public static final Topic<RouteTable> SERVING_ROUTES =
      new Topic<>("serving.routes.v1", RouteTable.class, "model id", COMPACTED);
  public static final Topic<PredictionLog> PREDICTIONS =
      new Topic<>("predictions.v1", PredictionLog.class, "prediction id", Map.of());
  public static final Topic<PredictionLabel> PREDICTION_LABELS =
      new Topic<>("prediction.labels.v1", PredictionLabel.class, "prediction id", Map.of());
  public static final Topic<BatchOrder> BATCH_ORDERS =
      new Topic<>("batch.orders.v1", BatchOrder.class, "model id", Map.of());
  public static final Topic<Alert> ALERTS =
      new Topic<>("alerts.v1", Alert.class, "model id", Map.of());
  public static final Topic<MonitoringWindow> MONITORING_WINDOWS =
      new Topic<>("monitoring.windows.v1", MonitoringWindow.class, "model id", Map.of());
  public static final Topic<LineageEvent> LINEAGE =
      new Topic<>("lineage.v1", LineageEvent.class, RUN_ID, Map.of());

  private static final List<Topic<?>> ALL =
      List.of(
          PROJECT_REQUESTS,
          STAGE_FAR,
          STAGE_ESC,
          STAGE_GATE,
          STAGE_GCA,
          STAGE_IOR,
          STAGE_MOS,
          ESC_TRIALS,
          ESC_TRIAL_RESULTS,
          GATE_APPROVALS,
          PIPELINE_EVENTS,
          PROJECT_OUTCOMES,
          MODEL_CARDS,
          FEATURE_VIEWS,
          SERVING_ROUTES,
          PREDICTIONS,
          PREDICTION_LABELS,
          BATCH_ORDERS,
          ALERTS,
          MONITORING_WINDOWS,
          LINEAGE);

  /** Topics whose records a stage works on; each has a dead-letter topic beside it. */
  private static final List<Topic<?>> WORKED_ON =
      List.of(
          PROJECT_REQUESTS,
          STAGE_FAR,
          STAGE_ESC,
          STAGE_GATE,
          STAGE_GCA,
          STAGE_IOR,
          STAGE_MOS,
          ESC_TRIALS,
          ESC_TRIAL_RESULTS,
          GATE_APPROVALS,
          FEATURE_VIEWS,
          BATCH_ORDERS,
          PIPELINE_EVENTS,
          PROJECT_OUTCOMES);

  private Topics() {}

  /** Every topic, without the dead-letter topics. */
  public static List<Topic<?>> all() {
    return ALL;
  }

  /** Every topic that has a dead-letter topic. */
  public static List<Topic<?>> withDeadLetters() {
    return WORKED_ON;
  }

  private static Topic<StageHandoff> stage(String name, String key) {
    return new Topic<>(name, StageHandoff.class, key, Map.of());
  }
}
