package dev.mlhandoff.messages;

import java.util.List;

/**
 * How a version is brought into production.
 *
 * @param steps rising shares of the traffic in percent; the last one is 100
 */
public record Rollout(List<Integer> steps) {

  /** The figures of the reference scenario. */
  public static final Rollout DEFAULT = new Rollout(List.of(5, 25, 50, 100));

  public Rollout {
    steps = List.copyOf(steps);
  }
}
