package dev.mlhandoff.bom;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a bill of materials says of a model.
 *
 * @param id slug of the model's name
 * @param sha256 of the model's file
 * @param family of the learning algorithm
 * @param inputs name to kind of the columns that the model is asked with
 * @param digest of the evidence behind all of this; names the bill
 * @param since when the model exists
 * @param properties further facts by name
 */
public record DescribedModel(
    String id,
    String name,
    String version,
    String sha256,
    String family,
    String useCase,
    SortedMap<String, String> inputs,
    List<Dataset> datasets,
    List<Performance> performance,
    List<Fairness> fairness,
    List<Risk> risks,
    List<String> limitations,
    String digest,
    Instant since,
    SortedMap<String, String> properties) {

  /**
   * Data that the model was made from.
   *
   * @param id unique in the bill
   * @param sha256 of its file; null for a source that is not kept
   * @param madeFrom ids of the datasets that it was computed from
   * @param sensitive names of columns that are personal or protected
   * @param columns where each of its columns comes from, by column
   */
  public record Dataset(
      String id,
      String name,
      String description,
      @Nullable String sha256,
      List<String> madeFrom,
      List<String> sensitive,
      Map<String, String> columns) {

    public Dataset {
      madeFrom = List.copyOf(madeFrom);
      sensitive = List.copyOf(sensitive);
      columns = new TreeMap<>(columns);
    }
  }

  /**
   * A figure.
   *
   * @param slice the rows it was measured on
   * @param lower end of the 95 % interval, if there is one
   */
  public record Performance(
      String metric, double value, String slice, @Nullable Double lower, @Nullable Double upper) {}

  /**
   * What was found when groups were compared.
   *
   * @param groups those that were looked at
   * @param mitigation what would mend it; empty if nothing needs it
   */
  public record Fairness(String groups, String finding, String mitigation) {}

  /** Something that an audit found wrong. */
  public record Risk(String name, String mitigation) {}

  public DescribedModel {
    inputs = new TreeMap<>(inputs);
    datasets = List.copyOf(datasets);
    performance = List.copyOf(performance);
    fairness = List.copyOf(fairness);
    risks = List.copyOf(risks);
    limitations = List.copyOf(limitations);
    properties = new TreeMap<>(properties);
  }
}
