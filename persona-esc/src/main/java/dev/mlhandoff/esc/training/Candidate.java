package dev.mlhandoff.esc.training;

/**
 * A configuration that was trained on every fold.
 *
 * @param outOfFold its probability for each training row, from the model that did not see the row
 */
@SuppressWarnings("ArrayRecordComponent") // a large column, never compared
public record Candidate(Configuration configuration, double[] outOfFold) {}
