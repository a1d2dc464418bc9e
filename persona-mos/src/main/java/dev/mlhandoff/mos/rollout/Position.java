package dev.mlhandoff.mos.rollout;

import java.util.List;

/**
 * Where a deployment stands.
 *
 * @param step index of the canary step, from 0; -1 outside the canary
 */
public record Position(State state, int step) {

  /** The states of a deployment; the last four are final for the candidate. */
  public enum State {
    STAGED,
    CANARY,
    PRODUCTION,
    ROLLED_BACK,
    SUPERSEDED
  }

  /** A deployment that has just arrived. */
  public static final Position START = new Position(State.STAGED, -1);

  /** Where it goes when the judges agree. */
  public Position next(List<Integer> steps) {
    return switch (state) {
      case STAGED -> new Position(State.CANARY, 0);
      case CANARY ->
          step + 1 < steps.size()
              ? new Position(State.CANARY, step + 1)
              : new Position(State.PRODUCTION, -1);
      default -> throw new IllegalStateException("a deployment does not leave " + state);
    };
  }

  /** Where it goes when a judge refuses. */
  public Position rolledBack() {
    return new Position(State.ROLLED_BACK, -1);
  }

  /** Share of the public traffic in percent while an older version can take the rest. */
  public int weight(List<Integer> steps) {
    return switch (state) {
      case CANARY -> steps.get(step);
      case PRODUCTION -> 100;
      default -> 0;
    };
  }

  /** For people: {@code canary 25 %}, {@code production}. */
  public String label(List<Integer> steps) {
    return state == State.CANARY
        ? "canary " + steps.get(step) + " %"
        : state.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
