package dev.mlhandoff.card;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of lineage.
 *
 * @param namespace of jobs and datasets
 * @param url an OpenLineage backend that takes events over HTTP; without one they go to {@code
 *     lineage.v1}
 * @param apiKey for that backend
 */
@ConfigurationProperties("handoff.lineage")
record LineageProperties(
    @DefaultValue("ml-handoff") String namespace, @Nullable URI url, @Nullable String apiKey) {}
