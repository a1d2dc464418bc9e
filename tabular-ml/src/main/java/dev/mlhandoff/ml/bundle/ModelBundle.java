package dev.mlhandoff.ml.bundle;

import dev.mlhandoff.ml.model.Model;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.pipeline.FeaturePipeline;
import dev.mlhandoff.ml.table.RawColumn;
import dev.mlhandoff.ml.table.RawTable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that is needed to score a raw row, in one file. Golden rows written at training time
 * are scored again at every load: training and serving then provably run the same computation.
 */
public final class ModelBundle {

  /** Stands beside the features in {@link #contributions}. */
  public static final String BASELINE = "(baseline)";

  /** How far a golden row's probability may be off; the code is the same, so hardly at all. */
  private static final double TOLERANCE = 1e-9;

  private static final String OBSERVED = "observed-columns.json";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  /**
   * What the bundle says of itself.
   *
   * @param family name of the model family
   * @param threshold decision threshold on the calibrated probability
   * @param featureDigest SHA-256 of the unfitted feature table it was trained on; also names the
   *     online rows that it reads
   */
  public record Description(
      int format,
      String family,
      SortedMap<String, Double> parameters,
      double threshold,
      String featureDigest,
      Calibrator calibrator,
      FeaturePipeline pipeline) {}

  /** A raw row and the probability that training computed for it. */
  public record GoldenRow(Map<String, @Nullable Object> record, double probability) {}

  private record GoldenRows(List<GoldenRow> rows) {}

  private record Observed(List<ObservedColumn> columns) {}

  private final Description description;
  private final Model model;
  private final List<ObservedColumn> observed;

  private ModelBundle(Description description, Model model, List<ObservedColumn> observed) {
    this.description = description;
    this.model = model;
    this.observed = List.copyOf(observed);
  }

  /** A bundle that does not know what its columns looked like. */
  public static ModelBundle of(Description description, Model model) {
    return new ModelBundle(description, model, List.of());
  }

  /**
   * A bundle from what training produced.
   *
   * @param training the rows that the model was fitted on
   */
  public static ModelBundle of(Description description, Model model, RawTable training) {
    return new ModelBundle(description, model, ObservedColumn.of(training));
  }

  /**
   * Reads and verifies a bundle.
   *
   * @throws BundleException if it is incomplete, unreadable, or scores a golden row differently
   */
  public static ModelBundle read(Path file) throws BundleException {
    try {
      Map<String, byte[]> entries = entries(Files.readAllBytes(file));
      Description description = JSON.readValue(entry(entries, "bundle.json"), Description.class);
      Model model = ModelFamilies.named(description.family()).read(entry(entries, "model.bin"));
      ModelBundle bundle = new ModelBundle(description, model, observed(entries));
      GoldenRows golden = JSON.readValue(entry(entries, "golden-rows.json"), GoldenRows.class);
      if (golden.rows().isEmpty()) {
        throw new BundleException("the bundle has no golden rows");
      }
      for (GoldenRow row : golden.rows()) {
        double probability = bundle.probability(row.record());
        if (Math.abs(probability - row.probability()) > TOLERANCE) {
          throw new BundleException(
              "a golden row scores %.12f here and scored %.12f in training"
                  .formatted(probability, row.probability()));
        }
      }
      return bundle;
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      throw new BundleException("the bundle cannot be read: " + e.getMessage(), e);
    } catch (IllegalStateException e) {
      throw new BundleException("the model cannot be loaded: " + e.getMessage(), e);
    }
  }

  /** The bundle as bytes; equal bundles give equal bytes. */
  public byte[] toBytes(RawTable golden) {
    double[] expected = probabilities(golden);
    List<GoldenRow> rows = new ArrayList<>();
    for (int i = 0; i < golden.rows(); i++) {
      rows.add(new GoldenRow(golden.record(i), expected[i]));
    }
    SortedMap<String, byte[]> entries = new TreeMap<>();
    entries.put("bundle.json", JSON.writeValueAsBytes(description));
    entries.put("model.bin", model.toBytes());
    entries.put("golden-rows.json", JSON.writeValueAsBytes(new GoldenRows(rows)));
    if (!observed.isEmpty()) {
      entries.put(OBSERVED, JSON.writeValueAsBytes(new Observed(observed)));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry header = new ZipEntry(entry.getKey());
        // The time of writing would make equal bundles differ.
        header.setTimeLocal(java.time.LocalDateTime.of(2000, 1, 1, 0, 0));
        zip.putNextEntry(header);
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public Description description() {
    return description;
  }

  /** The raw columns that a record may have. */
  public List<RawColumn> schema() {
    return description.pipeline().raw();
  }

  /**
   * What training saw of the raw columns; empty in bundles that were written before it was kept.
   */
  public List<ObservedColumn> observed() {
    return observed;
  }

  public double threshold() {
    return description.threshold();
  }

  public String featureDigest() {
    return description.featureDigest();
  }

  /** Calibrated probability of one raw record; absent keys are missing values. */
  public double probability(Map<String, ?> record) {
    return probabilities(RawTable.ofRecord(schema(), record))[0];
  }

  /** Calibrated probabilities of raw rows. */
  public double[] probabilities(RawTable table) {
    double[] raw = model.probabilities(description.pipeline().transform(table));
    for (int i = 0; i < raw.length; i++) {
      raw[i] = description.calibrator().apply(raw[i]);
    }
    return raw;
  }

  /**
   * What each feature adds to the log-odds of one raw record, before calibration; the key {@link
   * #BASELINE} holds what every record starts from.
   */
  public SortedMap<String, Double> contributions(Map<String, ?> record) {
    FeaturePipeline pipeline = description.pipeline();
    float[] row = pipeline.transform(RawTable.ofRecord(schema(), record))[0];
    double[] values = model.contributions(row);
    SortedMap<String, Double> contributions = new TreeMap<>();
    for (int j = 0; j < pipeline.features().size(); j++) {
      contributions.put(pipeline.features().get(j).name(), values[j]);
    }
    contributions.put(BASELINE, values[values.length - 1]);
    return contributions;
  }

  public boolean decision(double probability) {
    return probability >= description.threshold();
  }

  private static Map<String, byte[]> entries(byte[] content) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }

  private static List<ObservedColumn> observed(Map<String, byte[]> entries) {
    byte[] content = entries.get(OBSERVED);
    return content == null ? List.of() : JSON.readValue(content, Observed.class).columns();
  }

  private static byte[] entry(Map<String, byte[]> entries, String name) throws BundleException {
    byte[] content = entries.get(name);
    if (content == null) {
      throw new BundleException("the bundle has no " + name);
    }
    return content;
  }
}
