package dev.mlhandoff.runtime;

import java.util.Set;

/**
 * Places where a test may halt the JVM as a power cut would. Named in the system property {@code
 * handoff.failpoints} as {@code stage:point}, separated by commas; without it nothing happens.
 */
public enum Failpoint {
  AFTER_POLL,
  MID_WORK,
  BEFORE_MANIFEST,
  AFTER_MANIFEST,
  AFTER_SEND,
  AFTER_COMMIT,
  IN_RECOVERER;

  private static final Set<String> ARMED =
      Set.of(System.getProperty("handoff.failpoints", "").split(","));

  private static final int KILLED = 137;

  /** Halts the JVM, without any shutdown hook, if this point is armed for the stage. */
  public void hit(String stage) {
    if (ARMED.contains(stage + ":" + name())) {
      System.err.println("failpoint " + stage + ":" + name());
      System.err.flush();
      Runtime.getRuntime().halt(KILLED);
    }
  }
}
