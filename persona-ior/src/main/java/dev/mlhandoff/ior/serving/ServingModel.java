package dev.mlhandoff.ior.serving;

import dev.mlhandoff.ml.bundle.ModelBundle;

/** A version that is loaded and verified. */
public record ServingModel(String modelId, String version, ModelBundle bundle) {}
