package dev.mlhandoff.gate;

import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.GateVerdict;
import java.util.List;
import java.util.SortedMap;

/** The gate's decision about one attempt. */
record GateOutput(
    GateVerdict verdict,
    double score,
    double threshold,
    SortedMap<String, Double> dimensions,
    List<String> reasons,
    Deliverable deliverable) {}
