package dev.mlhandoff.mos.rollout;

import java.util.List;
import java.util.Locale;

/**
 * Where a deployment stands.
 *
 * @param step index of the canary step, from 0; -1 outside the canary
 */
public record Position(State state, int step) {

  /** The states of a deployment. */
  public enum State {
    /** Every replica loads the version. */
    STAGED,
    /** Scores copies of the public traffic; its answers reach nobody. */
    SHADOW,
    /** Answers a part of the public traffic, while an older version answers the rest. */
    CANARY,
    /** Answers the public traffic. */
    PRODUCTION,
    /** Taken out of traffic by a judge or by hand. */
    ROLLED_BACK,
    /** Replaced by a newer version, and kept warm for a rollback. */
    SUPERSEDED,
    /** No longer loaded. */
    RETIRED;

    /** Whether the rollout of such a deployment is still to be finished. */
    public boolean isOpen() {
      return this == STAGED || this == SHADOW || this == CANARY;
    }

    /** Where a crash test halts: on the way to this state. */
    public String place() {
      return "rollout-" + name().toLowerCase(Locale.ROOT);
    }

    /** The state that a label of {@link Position#label} names. */
    public static State of(String label) {
      return label.startsWith("canary")
          ? CANARY
          : valueOf(label.toUpperCase(Locale.ROOT).replace(' ', '_'));
    }
  }

  /** A deployment that has just arrived. */
  public static final Position START = new Position(State.STAGED, -1);

  /** Where it goes when the judges agree. */
  public Position next(List<Integer> steps) {
    return switch (state) {
      case STAGED -> new Position(State.SHADOW, -1);
      case SHADOW -> new Position(State.CANARY, 0);
      case CANARY ->
          step + 1 < steps.size()
              ? new Position(State.CANARY, step + 1)
              : new Position(State.PRODUCTION, -1);
      default -> throw new IllegalStateException("a deployment does not leave " + state);
    };
  }

  /** A state outside the canary. */
  public static Position at(State state) {
    return new Position(state, -1);
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
        : state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
