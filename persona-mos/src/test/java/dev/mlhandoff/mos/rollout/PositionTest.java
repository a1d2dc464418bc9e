package dev.mlhandoff.mos.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.mlhandoff.mos.rollout.Position.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PositionTest {

  private static final List<Integer> STEPS = List.of(5, 25, 50, 100);

  @Test
  void goesThroughEveryStepInOrderBeforeProduction() {
    List<String> labels = new ArrayList<>();
    List<Integer> weights = new ArrayList<>();
    Position position = Position.START;
    while (position.state() != State.PRODUCTION) {
      position = position.next(STEPS);
      labels.add(position.label(STEPS));
      weights.add(position.weight(STEPS));
    }
    assertThat(labels)
        .containsExactly(
            "shadow", "canary 5 %", "canary 25 %", "canary 50 %", "canary 100 %", "production");
    assertThat(weights).containsExactly(0, 5, 25, 50, 100, 100);
  }

  @Test
  void takesNoTrafficBeforeTheCanaryAndNoneAfterARollback() {
    assertThat(Position.START.weight(STEPS)).isZero();
    assertThat(Position.at(State.SHADOW).weight(STEPS)).isZero();
    assertThat(new Position(State.SUPERSEDED, -1).weight(STEPS)).isZero();
  }

  @Test
  void labelsNameTheirStates() {
    for (State state : State.values()) {
      Position position = new Position(state, state == State.CANARY ? 1 : -1);
      assertThat(State.of(position.label(STEPS))).isEqualTo(state);
    }
  }

  @Test
  void leavesNoFinalState() {
    for (State last :
        List.of(State.PRODUCTION, State.ROLLED_BACK, State.SUPERSEDED, State.RETIRED)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> new Position(last, -1).next(STEPS))
          .withMessageContaining(last.name());
    }
  }
}
