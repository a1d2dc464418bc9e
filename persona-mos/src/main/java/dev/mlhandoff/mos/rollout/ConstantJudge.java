package dev.mlhandoff.mos.rollout;

import java.util.Arrays;

/** Objects to a score that never changes, whatever else is known of it. */
final class ConstantJudge implements Judge {

  private static final double CONSTANT = 1e-9;
  private static final int ENOUGH_TO_VARY = 20;

  @Override
  public Opinion judge(Evidence evidence) {
    double[] answers = evidence.candidate().probabilities();
    double lowest = Arrays.stream(answers).min().orElse(0);
    double highest = Arrays.stream(answers).max().orElse(1);
    return answers.length >= ENOUGH_TO_VARY && highest - lowest < CONSTANT
        ? Opinion.objects("prediction shift: every answer is %.4f".formatted(lowest))
        : Opinion.agrees();
  }
}
