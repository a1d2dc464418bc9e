package dev.mlhandoff.gate;

import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.GateVerdict;
import java.util.List;
import java.util.SortedMap;

/** The quality gate's decision about one attempt. */
record QualityOutput(
    GateVerdict verdict,
    double score,
    double threshold,
    SortedMap<String, Double> dimensions,
    String policyVersion,
    List<String> reasons,
    Deliverable deliverable) {}
