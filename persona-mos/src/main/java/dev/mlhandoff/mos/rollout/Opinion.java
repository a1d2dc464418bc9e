package dev.mlhandoff.mos.rollout;

/** What a judge says of a step, and why. */
public record Opinion(Kind kind, String reason) {

  /** Whether the step may be left, and in which direction. */
  public enum Kind {
    AGREES,
    WAITS,
    OBJECTS
  }

  static Opinion agrees() {
    return new Opinion(Kind.AGREES, "");
  }

  static Opinion waits(String reason) {
    return new Opinion(Kind.WAITS, reason);
  }

  static Opinion objects(String reason) {
    return new Opinion(Kind.OBJECTS, reason);
  }
}
