package dev.mlhandoff.mos.experiment;

/**
 * A prediction whose true outcome is known.
 *
 * @param challenger whether version B was to answer it, otherwise version A
 * @param probability in [0, 1]
 */
public record LabelledPrediction(
    boolean challenger, double probability, boolean decision, boolean outcome) {}
