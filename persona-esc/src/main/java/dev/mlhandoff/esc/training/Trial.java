package dev.mlhandoff.esc.training;

import java.util.SortedMap;

/**
 * One model configuration to judge.
 *
 * @param id unique within the experiment; also a column of the out-of-fold predictions
 */
public record Trial(String id, String family, SortedMap<String, Double> parameters) {}
