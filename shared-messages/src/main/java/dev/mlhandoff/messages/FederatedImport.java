package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Features of another project that a run may read: granted, pinned to a version, and with the way
 * from one namespace of entities to the other. An element of the data pipeline's artifact {@code
 * federated-imports}.
 *
 * @param view the pinned version
 * @param columns what is imported
 * @param keysArtifact role of the artifact with the pairs of keys; null if equal keys name the same
 *     entity
 * @param threshold pairs of lower confidence do not count; null if every pair is sure
 * @param at the moment for which values are looked up: the end of the as-of date; null for now
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FederatedImport(
    FeatureView view,
    List<Column> columns,
    @Nullable String keysArtifact,
    @Nullable Double threshold,
    @Nullable Instant at) {

  public FederatedImport {
    columns = List.copyOf(columns);
  }

  /**
   * One imported feature.
   *
   * @param name the column it becomes
   * @param feature its name in the view
   */
  public record Column(String name, String feature) {}

  /** How lineage names a feature of the view. */
  public String origin(String feature) {
    return view.project() + "/" + view.name() + "@" + view.version() + "." + feature;
  }
}
