package dev.mlhandoff.mos;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mlhandoff.mos.experiment.AbTestPlan;
import dev.mlhandoff.mos.experiment.AbTestResult;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the A/B tests.
 *
 * @param endsAt when it ends in any case
 * @param result what decided it; absent before
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AbTest(
    String testId,
    String modelId,
    AbTestPlan plan,
    State state,
    Instant startedAt,
    Instant endsAt,
    @Nullable Instant endedAt,
    @Nullable AbTestResult result) {

  /** Where a test stands. */
  enum State {
    RUNNING,
    /** It ended with a verdict. */
    DECIDED,
    /** It was ended by hand, or one of its versions was rolled back. */
    STOPPED
  }
}
