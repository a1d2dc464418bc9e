package dev.mlhandoff.far.features;

import java.util.List;

/**
 * One candidate feature.
 *
 * @param expression the SQL that computes it
 * @param sources source columns, as {@code table.column}
 */
public record FeatureDefinition(
    String name, String kind, String description, String expression, List<String> sources) {}
