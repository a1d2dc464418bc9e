package dev.mlhandoff.runtime;

import java.util.Set;

/**
 * Places where a test may halt the JVM as a power cut would. Named in the system property {@code
 * handoff.failpoints} as {@code stage:point}, separated by commas; {@code stage:point=fail} throws
 * there instead, every time. Without the property nothing happens.
 */
public enum Failpoint {
  AFTER_POLL,
  MID_WORK,
  BEFORE_MANIFEST,
  AFTER_MANIFEST,
  /** After a row of a database has changed, before anything is sent about it. */
  AFTER_ROW,
  AFTER_SEND,
  AFTER_COMMIT,
  IN_RECOVERER;

  private static final Set<String> ARMED =
      Set.of(System.getProperty("handoff.failpoints", "").split(","));

  private static final int KILLED = 137;

  /**
   * Halts the JVM, without any shutdown hook, if this point is armed for the stage.
   *
   * @throws IllegalStateException if it is armed to fail
   */
  public void hit(String stage) {
    String place = stage + ":" + name();
    if (ARMED.contains(place)) {
      System.err.println("failpoint " + place);
      System.err.flush();
      Runtime.getRuntime().halt(KILLED);
    }
    if (ARMED.contains(place + "=fail")) {
      throw new IllegalStateException("failpoint " + place);
    }
  }
}
