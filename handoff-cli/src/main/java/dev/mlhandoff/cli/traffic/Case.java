package dev.mlhandoff.cli.traffic;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entity of the world.
 *
 * @param features unfitted, by name; null is missing
 * @param outcome what came true
 */
public record Case(String entity, Map<String, @Nullable Object> features, boolean outcome) {}
