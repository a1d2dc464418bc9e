package dev.mlhandoff.esc.training;

import java.util.List;

/**
 * What was spent on finding configurations.
 *
 * @param tuning {@code on-failure} or {@code always}
 * @param trialBudget trials that the search was allowed
 * @param secondsBudget time after which no further round began
 * @param rounds rounds of the search, beside what the attempt began with
 * @param searchTrials trials that the search used
 * @param stoppedBySeconds whether time ended the search: another run may then find something else
 * @param learnedFrom earlier attempts whose leaderboards the search began with
 */
public record Effort(
    String tuning,
    int trialBudget,
    int secondsBudget,
    int rounds,
    int searchTrials,
    boolean stoppedBySeconds,
    List<Integer> learnedFrom) {}
