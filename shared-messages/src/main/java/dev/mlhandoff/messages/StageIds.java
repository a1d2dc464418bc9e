package dev.mlhandoff.messages;

import java.util.List;

/** The stages of a run, by the ids that stand in messages, artifact paths and cards. */
public final class StageIds {
  public static final String DATA_PIPELINE = "data_pipeline";
  public static final String FEATURE_ENGINEERING = "feature_engineering";
  public static final String TRAINING = "training";
  public static final String QUALITY_GATE = "quality_gate";
  public static final String GOVERNANCE = "governance";
  public static final String INFERENCE = "inference";
  public static final String DEPLOYMENT = "deployment";

  /** The five stages of the scenario, in the order of a run; the gates judge, they deliver none. */
  public static final List<String> OF_THE_CARD =
      List.of(DATA_PIPELINE, FEATURE_ENGINEERING, TRAINING, INFERENCE, DEPLOYMENT);

  private StageIds() {}
}
