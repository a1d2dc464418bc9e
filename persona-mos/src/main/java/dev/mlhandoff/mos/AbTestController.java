package dev.mlhandoff.mos;

import dev.mlhandoff.mos.experiment.AbTestPlan;
import dev.mlhandoff.mos.experiment.Metric;
import dev.mlhandoff.runtime.access.RequiresRole;
import dev.mlhandoff.runtime.access.Role;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Begins, shows and stops A/B tests. */
@RestController
class AbTestController {

  private static final int TIMES_MINIMUM = 10;
  private static final double SIGNIFICANCE = 0.05;
  private static final int HALF = 50;
  private static final int DAYS = 14;

  private final AbTests tests;
  private final AbTestRows rows;

  AbTestController(AbTests tests, AbTestRows rows) {
    this.tests = tests;
    this.rows = rows;
  }

  /** What is registered before anything is seen; see {@link AbTestPlan}. */
  record AbTestRequest(
      @Nullable List<String> versions,
      @Nullable String metric,
      @Nullable Integer minimumSamples,
      @Nullable Integer maximumSamples,
      @Nullable Double significance,
      @Nullable Integer split,
      @Nullable Integer maximumDays) {}

  @GetMapping("/models/{model}/ab-tests")
  List<AbTest> tests(@PathVariable String model) {
    return rows.of(model);
  }

  @PostMapping("/models/{model}/ab-tests")
  @RequiresRole(Role.APPROVER)
  AbTest start(@PathVariable String model, @RequestBody AbTestRequest request) {
    int days = Objects.requireNonNullElse(request.maximumDays(), DAYS);
    AbTestPlan plan;
    try {
      plan = plan(request);
      if (days < 1) {
        throw new IllegalArgumentException("maximum days must be at least 1");
      }
    } catch (IllegalArgumentException e) {
      throw Refusal.of(HttpStatus.BAD_REQUEST, "INVALID_AB_TEST", String.valueOf(e.getMessage()));
    }
    return tests.start(model, plan, Duration.ofDays(days));
  }

  /** Ends the running test without a verdict. */
  @PostMapping("/models/{model}/ab-tests/stop")
  @RequiresRole(Role.APPROVER)
  AbTest stop(@PathVariable String model) {
    AbTest running =
        rows.running(model)
            .orElseThrow(
                () ->
                    Refusal.of(
                        HttpStatus.CONFLICT, "NO_AB_TEST", "no A/B test of the model is running"));
    tests.end(running, AbTest.State.STOPPED, null);
    return rows.of(model).get(0);
  }

  private static AbTestPlan plan(AbTestRequest request) {
    List<String> versions = request.versions();
    String metric = request.metric();
    Integer minimum = request.minimumSamples();
    if (versions == null || versions.size() != 2) {
      throw new IllegalArgumentException("name two versions");
    }
    if (metric == null || minimum == null) {
      throw new IllegalArgumentException("metric and minimumSamples are needed");
    }
    return new AbTestPlan(
        versions.get(0),
        versions.get(1),
        Metric.named(metric),
        minimum,
        Objects.requireNonNullElse(request.maximumSamples(), TIMES_MINIMUM * minimum),
        Objects.requireNonNullElse(request.significance(), SIGNIFICANCE),
        Objects.requireNonNullElse(request.split(), HALF));
  }
}
