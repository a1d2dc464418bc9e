package dev.mlhandoff.por;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mlhandoff.messages.Deliverable;
import org.jspecify.annotations.Nullable;

/** What POR did: either a deliverable with its claimed version, or it found a repetition. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PorOutput(
    @Nullable Deliverable deliverable,
    @Nullable String modelId,
    @Nullable String version,
    @Nullable String duplicateOf) {}
