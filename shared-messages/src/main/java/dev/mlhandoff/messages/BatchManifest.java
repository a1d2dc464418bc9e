package dev.mlhandoff.messages;

import java.time.LocalDate;
import java.util.List;

/**
 * A batch that is complete: what was scored, and where it is. Written last, as {@link #FILE} in the
 * folder of its {@link BatchOrder}.
 *
 * @param featureDigest names the feature pipeline's output that the version was trained on
 * @param onlineDigest names the rows of the online feature table that were scored
 * @param threshold the decision threshold on the probability
 * @param rows entities with features that counted when they were read
 * @param stale how many of them had features older than the limit
 * @param refused how many of them broke a rule and have no probability
 * @param predictionsDigest SHA-256 over a line {@code entity, tab, probability, tab, decision} for
 *     each scored entity, in the order of the parts
 * @param parts Parquet files, in the order of their entities
 */
public record BatchManifest(
    String modelId,
    String version,
    String runId,
    LocalDate date,
    ArtifactRef bundle,
    String featureDigest,
    String onlineDigest,
    double threshold,
    long rows,
    long stale,
    long refused,
    String predictionsDigest,
    List<Part> parts) {

  /** Name of the file that says that a batch is complete. */
  public static final String FILE = "manifest.json";

  public BatchManifest {
    parts = List.copyOf(parts);
  }

  /**
   * One file of a batch.
   *
   * @param firstEntity key of its first row
   * @param lastEntity key of its last row
   */
  public record Part(
      ArtifactRef file,
      String firstEntity,
      String lastEntity,
      long rows,
      long stale,
      long refused) {}
}
