package dev.mlhandoff.gate.governance;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Period;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the policy says of one check.
 *
 * @param hardStop what a failed hard stop does; only for a hard stop
 * @param remediation what would mend a failure
 * @param deadline until when it is to be mended, counted from the audit
 */
public record CheckRule(
    Severity severity, @Nullable HardStop hardStop, String remediation, Period deadline) {

  /** How grave a failure is. */
  public enum Severity {
    @JsonProperty("hard-stop")
    HARD_STOP,
    @JsonProperty("mandatory")
    MANDATORY,
    @JsonProperty("advisory")
    ADVISORY
  }

  /** What a failed hard stop does. */
  public enum HardStop {
    /** Ends the run. */
    @JsonProperty("end")
    END,
    /** Parks the run until somebody waives it. */
    @JsonProperty("park")
    PARK
  }

  public CheckRule {
    Objects.requireNonNull(severity, "severity is missing");
    Objects.requireNonNull(remediation, "remediation is missing");
    Objects.requireNonNull(deadline, "deadline is missing");
    if ((severity == Severity.HARD_STOP) != (hardStop != null)) {
      throw new IllegalArgumentException("a hard stop, and nothing else, says hardStop");
    }
  }
}
