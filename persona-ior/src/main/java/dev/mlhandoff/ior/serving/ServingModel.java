package dev.mlhandoff.ior.serving;

import dev.mlhandoff.ml.bundle.ModelBundle;

/**
 * A version that is loaded and verified.
 *
 * @param onlineDigest names the rows of the online feature table that it reads
 * @param validator of its records
 */
public record ServingModel(
    String modelId,
    String version,
    ModelBundle bundle,
    String onlineDigest,
    RecordValidator validator) {}
