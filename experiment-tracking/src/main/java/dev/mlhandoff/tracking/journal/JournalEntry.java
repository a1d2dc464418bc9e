package dev.mlhandoff.tracking.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** One line of the journal. It holds nothing that differs between two equal attempts. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = JournalEntry.Attempt.class, name = "attempt"),
  @JsonSubTypes.Type(value = JournalEntry.Trial.class, name = "trial"),
  @JsonSubTypes.Type(value = JournalEntry.Metric.class, name = "metric"),
  @JsonSubTypes.Type(value = JournalEntry.Artifact.class, name = "artifact"),
  @JsonSubTypes.Type(value = JournalEntry.SelectedModel.class, name = "selected-model")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface JournalEntry {

  /**
   * The attempt itself; the first line.
   *
   * @param project the project's name, as its requester wrote it
   * @param modelId id of the project and of its model
   * @param version version of the model that the run makes, {@code major.minor.patch}
   * @param attempt from 1
   * @param parameters what held for all trials, by name
   * @param tags what it was made from, for example the digests of data and pipeline
   */
  record Attempt(
      String project,
      String modelId,
      String version,
      int attempt,
      SortedMap<String, String> parameters,
      SortedMap<String, String> tags)
      implements JournalEntry {}

  /**
   * One configuration that was judged.
   *
   * @param id unique in the attempt
   * @param failure why it has no result; null if it has one
   */
  record Trial(
      String id, String family, SortedMap<String, String> parameters, @Nullable String failure)
      implements JournalEntry {}

  /**
   * A measured value.
   *
   * @param trial what it belongs to; null for the attempt
   * @param step the fold, from 0; 0 for a value over all of them
   */
  record Metric(@Nullable String trial, String name, int step, double value)
      implements JournalEntry {}

  /**
   * A file of the attempt, named by its content.
   *
   * @param role what it is, as in the deliverable
   * @param path where a tracker shall show it, with {@code /} between the parts
   */
  record Artifact(String role, String path, String sha256, long bytes) implements JournalEntry {}

  /**
   * The model that was handed on.
   *
   * @param trial the configuration it has
   * @param role role of the artifact that is the model
   */
  record SelectedModel(String trial, String role) implements JournalEntry {}
}
