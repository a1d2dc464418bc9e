package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.SortedMap;

/**
 * The card of one model version. The first five keys are the scenario's; {@code evidence} is
 * written once and digested, {@code status} is updated under a rising revision.
 *
 * @param qualityScore the gate's score, in [0, 1]
 * @param deploymentStatus from the route that serves, for example {@code production}
 * @param evidence the sections of the card, each number with the digest of its evidence
 * @param evidenceDigest sha256 over the canonical JSON of {@code evidence}
 * @param status run id, times, deployment history and artifact references; outside the digest
 */
public record ModelCard(
    @JsonProperty("model_name") String modelName,
    @JsonProperty("version") String version,
    @JsonProperty("pipeline_stages") List<PipelineStage> pipelineStages,
    @JsonProperty("quality_score") double qualityScore,
    @JsonProperty("deployment_status") String deploymentStatus,
    @JsonProperty("evidence") SortedMap<String, Object> evidence,
    @JsonProperty("evidence_digest") String evidenceDigest,
    @JsonProperty("status") SortedMap<String, Object> status) {

  /**
   * One of the five stages of the scenario.
   *
   * @param summaryLength length of the stage's summary in characters
   */
  public record PipelineStage(
      @JsonProperty("stage") String stage,
      @JsonProperty("persona") String persona,
      @JsonProperty("summary_length") int summaryLength) {}
}
