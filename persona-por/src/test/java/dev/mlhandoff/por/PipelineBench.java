package dev.mlhandoff.por;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.DatasetCatalog;
import dev.mlhandoff.por.pipeline.DataPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;

/** Runs the pipeline over files in a folder, as the service would over its catalog. */
final class PipelineBench implements AutoCloseable {

  private final Path folder;
  private final DuckDb database;

  PipelineBench(Path folder) throws Exception {
    this.folder = folder;
    this.database = DuckDb.open(folder);
  }

  DuckDb database() {
    return database;
  }

  /** Runs one dataset of a catalog, with seed 42 and five folds. */
  DataPipeline run(String catalog, String dataset, String target) throws Exception {
    Path file = Files.writeString(folder.resolve("catalog.yml"), catalog);
    Dataset described = DatasetCatalog.read(file).find(dataset).orElseThrow();
    DataPipeline pipeline =
        new DataPipeline(
            database,
            described,
            Objects.requireNonNull(described.targets().get(target)),
            new ConfiguredSources(properties(file), new NoStore(), folder, folder),
            step -> {});
    pipeline.run(42, 5);
    return pipeline;
  }

  private static PorProperties properties(Path catalog) {
    return new PorProperties(
        catalog,
        new PorProperties.SourceDatabase("jdbc:postgresql://127.0.0.1:1/none", "u", "p", "none"),
        Duration.ofMinutes(1));
  }

  /** A real dataset, copied next to the catalog; empty where it is not at hand. */
  static Optional<Path> realDataset(String name, Path folder) throws IOException {
    String configured =
        System.getProperty(
            "handoff.datasets", System.getenv().getOrDefault("HANDOFF_DATASETS", ""));
    Stream<Path> above =
        Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
            .map(path -> path.resolve("shared/data"));
    Stream<Path> places =
        configured.isEmpty() ? above : Stream.concat(Stream.of(Path.of(configured)), above);
    Optional<Path> found =
        places.map(place -> place.resolve(name)).filter(Files::isReadable).findFirst();
    return found.isEmpty() ? found : Optional.of(Files.copy(found.get(), folder.resolve(name)));
  }

  @Override
  public void close() throws SQLException {
    database.close();
  }

  /** No dataset of these tests lies in S3: any call fails. */
  private static final class NoStore implements S3Client {

    @Override
    public String serviceName() {
      return "s3";
    }

    @Override
    public void close() {}
  }
}
