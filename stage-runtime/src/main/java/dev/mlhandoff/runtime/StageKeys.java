package dev.mlhandoff.runtime;

/** Keys of the artifact store and ids of events, derived from run, stage and attempt. */
public final class StageKeys {

  private StageKeys() {}

  /** The folder of one piece of work, with a slash at its end. */
  public static String folder(String runId, String stage, int attempt) {
    return "runs/" + runId + "/" + stage + "/" + attempt + "/";
  }

  /** The same event of the same work always has the same id. */
  public static String eventId(String runId, String stage, int attempt, String what) {
    return runId + "/" + stage + "/" + attempt + "/" + what;
  }

  /** The folder of a piece of work; a part has one inside its stage's. */
  static String folder(Work<?> work, String stage) {
    String folder = folder(work.runId(), stage, work.attempt());
    return work.part().isEmpty() ? folder : folder + work.part() + "/";
  }

  static String manifest(Work<?> work, String stage) {
    return folder(work, stage) + "manifest.json";
  }

  static String starts(Work<?> work, String stage) {
    return folder(work, stage) + "starts/";
  }
}
