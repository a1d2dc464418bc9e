package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One model configuration to be trained on one fold; any replica may take it.
 *
 * @param trialId unique within the attempt; also a part of artifact keys
 * @param index place among all trials of the attempt, from 0; the partition follows from it
 * @param round round of the search that proposed it, from 0
 * @param roundSize trials of that round; once all are answered the run goes on
 * @param configuration id of the configuration, shared by its trials on all folds
 * @param family name of the model family
 * @param fold the fold that is left out of training and scored, from 0
 * @param topFeatures how many features the fold's selection may keep
 * @param precisionAtK the k of precision@k, as a share of the rows
 * @param features the unfitted feature table
 * @param plan what the attempt was asked to do
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Trial(
    String runId,
    int attempt,
    String trialId,
    int index,
    int round,
    int roundSize,
    String configuration,
    String family,
    SortedMap<String, Double> parameters,
    int fold,
    int topFeatures,
    double precisionAtK,
    long seed,
    ArtifactRef features,
    ArtifactRef plan,
    @Nullable String correlationId) {}
