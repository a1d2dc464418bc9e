package dev.mlhandoff.gate;

import dev.mlhandoff.messages.ChampionComparison;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.GateVerdict;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The quality gate's decision about one attempt.
 *
 * @param comparison with the version that serves, if a retrain came that far
 */
record QualityOutput(
    GateVerdict verdict,
    double score,
    double threshold,
    SortedMap<String, Double> dimensions,
    String policyVersion,
    List<String> reasons,
    Deliverable deliverable,
    @Nullable ChampionComparison comparison) {}
