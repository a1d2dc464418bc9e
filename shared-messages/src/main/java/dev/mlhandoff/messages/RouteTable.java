package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The desired serving state of one model, on the compacted {@code serving.routes.v1}; a lower
 * revision than one already seen is ignored.
 *
 * @param modelId the model; also the record's key
 * @param revision rises with every change
 * @param routes every version that replicas keep loaded
 * @param experiment id of the A/B test under way, if there is one; entities are split by it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RouteTable(
    String modelId, long revision, List<Route> routes, @Nullable String experiment) {

  public RouteTable {
    routes = List.copyOf(routes);
  }

  /** A table without an A/B test. */
  public RouteTable(String modelId, long revision, List<Route> routes) {
    this(modelId, revision, routes, null);
  }

  /**
   * One version that serves or stands ready.
   *
   * @param weight share of the public traffic in percent, 0 to 100; the weights sum to 0 or 100
   * @param bundle the model bundle to load
   * @param featureDigest which rows of the online feature table the version reads
   */
  public record Route(
      String version,
      String runId,
      Role role,
      int weight,
      ArtifactRef bundle,
      String featureDigest) {}

  /** What a version is there for. */
  public enum Role {
    /** Loaded, no public traffic yet. */
    STAGED,
    /** Scores copies of the public traffic; its answers reach nobody. */
    SHADOW,
    /** Takes a part of the public traffic and is being judged. */
    CANARY,
    /** Takes the rest, or all, of the public traffic. */
    PRODUCTION,
    /** Kept warm for a rollback. */
    STANDBY,
    /** Answers its share of the entities in an A/B test against production. */
    CHALLENGER
  }
}
