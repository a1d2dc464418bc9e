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

  static String manifest(String runId, String stage, int attempt) {
    return folder(runId, stage, attempt) + "manifest.json";
  }

  static String starts(String runId, String stage, int attempt) {
    return folder(runId, stage, attempt) + "starts/";
  }
}
