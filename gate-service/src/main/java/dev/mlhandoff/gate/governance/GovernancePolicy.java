package dev.mlhandoff.gate.governance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What the operator demands of every run before it may serve, from a YAML file.
 *
 * @param decideWithin how long a parked run waits for a human
 * @param checks a rule for every check, by its id
 */
public record GovernancePolicy(
    String name,
    String version,
    Duration decideWithin,
    FairnessRule fairness,
    SortedMap<String, CheckRule> checks) {

  /**
   * When groups are treated differently.
   *
   * @param selectionRateRatio lowest ratio of selection rates, in (0, 1]; four fifths by the
   *     Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D
   * @param equalOpportunityDifference difference of true-positive rates that an interval must lie
   *     wholly beyond, in [0, 1)
   * @param minimumPositives smallest number of positives of a group that is judged by that
   *     difference
   * @param minimumRows smallest group whose selection rate is compared
   * @param bands how many groups a numeric attribute is cut into
   */
  public record FairnessRule(
      double selectionRateRatio,
      double equalOpportunityDifference,
      int minimumPositives,
      int minimumRows,
      int bands) {}

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  public GovernancePolicy {
    Objects.requireNonNull(name, "name is missing");
    Objects.requireNonNull(version, "version is missing");
    Objects.requireNonNull(decideWithin, "decideWithin is missing");
    Objects.requireNonNull(fairness, "fairness is missing");
    checks = new TreeMap<>(Objects.requireNonNull(checks, "checks are missing"));
    if (!checks.keySet().equals(CheckIds.ALL)) {
      throw new IllegalArgumentException(
          "the checks are " + CheckIds.ALL + ", not " + checks.keySet());
    }
    if (decideWithin.isNegative() || decideWithin.isZero()) {
      throw new IllegalArgumentException("decideWithin must be longer than nothing");
    }
  }

  /** The policy of a file, or the one that comes with the gate. */
  public static GovernancePolicy load(@Nullable Path file) throws IOException {
    if (file != null) {
      return read(Files.readAllBytes(file), String.valueOf(file.getFileName()));
    }
    try (InputStream content =
        GovernancePolicy.class.getResourceAsStream("/policies/governance.yml")) {
      if (content == null) {
        throw new IOException("the governance policy is missing from the class path");
      }
      return read(content.readAllBytes(), "governance.yml");
    }
  }

  /** The rule of a check. */
  public CheckRule rule(String check) {
    CheckRule rule = checks.get(check);
    if (rule == null) {
      throw new IllegalArgumentException("the policy has no check " + check);
    }
    return rule;
  }

  private static GovernancePolicy read(byte[] content, String name) throws IOException {
    try {
      return YAML.readValue(content, GovernancePolicy.class);
    } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
      throw new IOException("governance policy " + name + ": " + e.getMessage(), e);
    }
  }
}
