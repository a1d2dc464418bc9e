package dev.mlhandoff.mos.experiment;

/**
 * What the outcomes say so far.
 *
 * @param samplesA entities of version A with a known outcome
 * @param samplesB the same of version B
 * @param meanA mean of the metric over version A's entities; 0 without any
 * @param pairs one entity of each version, in the order of their outcomes: what is compared
 * @param difference mean of B less A over the pairs
 * @param lower end of the interval of that difference, which holds at every look at once
 * @param upper the other end
 */
public record AbTestResult(
    Verdict verdict,
    long samplesA,
    long samplesB,
    double meanA,
    double meanB,
    long pairs,
    double difference,
    double lower,
    double upper) {}
