package dev.mlhandoff.runtime;

import java.util.Set;

/**
 * Places where a test may halt the JVM as a power cut would. Named in the system property {@code
 * handoff.failpoints} as {@code place:point}, separated by commas; {@code place:point=fail} throws
 * there instead, every time. The place of a stage's work is the topic that it takes it from.
 * Without the property nothing happens.
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
   * Halts the JVM, without any shutdown hook, if this point is armed for the place.
   *
   * @throws IllegalStateException if it is armed to fail
   */
  public void hit(String place) {
    String point = place + ":" + name();
    if (ARMED.contains(point)) {
      System.err.println("failpoint " + point);
      System.err.flush();
      Runtime.getRuntime().halt(KILLED);
    }
    if (ARMED.contains(point + "=fail")) {
      throw new IllegalStateException("failpoint " + point);
    }
  }
}
