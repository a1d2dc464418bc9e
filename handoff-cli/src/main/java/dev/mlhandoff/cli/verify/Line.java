package dev.mlhandoff.cli.verify;

/**
 * One thing that a card claims, and whether it is so.
 *
 * @param subject what was looked at, for example {@code artifact training/model-bundle}
 * @param detail what was found, in one line
 */
public record Line(State state, String subject, String detail) {

  /** Whether a claim is true. */
  public enum State {
    HOLDS,
    FAILS,
    /** There was nothing to hold it against. */
    UNCHECKED
  }
}
