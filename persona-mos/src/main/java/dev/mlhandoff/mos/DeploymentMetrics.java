package dev.mlhandoff.mos;

import dev.mlhandoff.mos.rollout.Position.State;
import dev.mlhandoff.runtime.Snapshot;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Gauges of where the deployments stand, read from their table. */
final class DeploymentMetrics {

  private final Snapshot<List<Group>> groups;

  /** The deployments of one state and step; the step is -1 outside the canary. */
  private record Group(State state, int step, int count, double sinceSeconds) {}

  DeploymentMetrics(JdbcClient jdbc, MeterRegistry registry) {
    this.groups = new Snapshot<>(() -> query(jdbc));
    for (State state : State.values()) {
      String label = state.name().toLowerCase(Locale.ROOT);
      ToDoubleFunction<List<Group>> count =
          all -> all.stream().filter(g -> g.state() == state).mapToInt(Group::count).sum();
      Gauge.builder("handoff.rollout.deployments", this, metrics -> metrics.figure(count))
          .description("deployments in a state")
          .tag("state", label)
          .register(registry);
      if (state.isOpen()) {
        ToDoubleFunction<List<Group>> age =
            all ->
                all.stream()
                    .filter(g -> g.state() == state)
                    .mapToDouble(Group::sinceSeconds)
                    .max()
                    .orElse(0);
        Gauge.builder("handoff.rollout.age", this, metrics -> metrics.figure(age))
            .description("how long the oldest rollout stands where it stands")
            .baseUnit("seconds")
            .tag("state", label)
            .register(registry);
      }
    }
    Gauge.builder("handoff.rollout.canary.step", this, metrics -> metrics.figure(this::step))
        .description("the furthest canary step under way, from 1; 0 without a canary")
        .register(registry);
  }

  private double step(List<Group> all) {
    return all.stream()
        .filter(group -> group.state() == State.CANARY)
        .mapToInt(group -> group.step() + 1)
        .max()
        .orElse(0);
  }

  private double figure(ToDoubleFunction<List<Group>> figure) {
    return groups.get().map(figure::applyAsDouble).orElse(Double.NaN);
  }

  private static List<Group> query(JdbcClient jdbc) {
    return jdbc.sql(
            "SELECT state, step, count(*), extract(epoch FROM now() - min(changed_at))"
                + " FROM mos.deployments GROUP BY state, step")
        .query(
            (row, n) ->
                new Group(
                    State.valueOf(row.getString(1)),
                    row.getInt(2),
                    row.getInt(3),
                    row.getDouble(4)))
        .list();
  }
}
