package dev.mlhandoff.e2e.reference;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.DatasetCatalog;
import dev.mlhandoff.esc.training.TrainingData;
import dev.mlhandoff.far.features.FeatureBuilder;
import dev.mlhandoff.far.features.FeatureDefinition;
import dev.mlhandoff.por.pipeline.DataPipeline;
import dev.mlhandoff.por.pipeline.DatasetDescriber;
import dev.mlhandoff.por.pipeline.DatasetDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The training part of a dataset after POR and FAR, without the services around them.
 *
 * @param definitions of every candidate
 * @param leftOut columns that are no candidates
 */
record FeatureTable(
    TrainingData training, List<FeatureDefinition> definitions, List<String> leftOut) {

  /**
   * Runs the data pipeline and builds the features.
   *
   * @param rows SQL over the raw table; {@code %s} stands for the sources as they were read
   */
  static FeatureTable build(
      Path folder, String catalog, String name, String target, String rows, RawRows loader)
      throws Exception {
    Path file = Files.writeString(folder.resolve("catalog.yml"), catalog);
    Dataset dataset = DatasetCatalog.read(file).find(name).orElseThrow();
    Path features = folder.resolve("features.parquet");
    try (DuckDb database = DuckDb.open(folder)) {
      new DataPipeline(
              database,
              dataset,
              Objects.requireNonNull(dataset.targets().get(target)),
              (to, table, source) ->
                  to.execute(
                      "CREATE TABLE "
                          + table
                          + " AS "
                          + rows.formatted(loader.query(String.valueOf(source.file())))),
              step -> {})
          .run(42, 5);
      DatasetDescription described = new DatasetDescriber(database).describe(name, target, dataset);
      FeatureBuilder builder =
          new FeatureBuilder(database, described.asOf(), described.hasAmount());
      builder.history();
      for (DatasetDescription.Column column : described.eventColumns()) {
        builder.eventColumn(column.name(), column.type());
      }
      for (DatasetDescription.Column column : described.entityColumns()) {
        if (column.role().equals("FEATURE")) {
          builder.entityColumn(column.name(), column.type());
        }
      }
      builder.build();
      database.writeParquet("SELECT * FROM features", features);
      return new FeatureTable(
          TrainingData.of(ParquetTable.read(features)), builder.definitions(), builder.leftOut());
    }
  }

  /** How a file is read as a query. */
  @FunctionalInterface
  interface RawRows {
    String query(String file);
  }
}
