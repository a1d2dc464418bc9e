package dev.mlhandoff.por;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.definition.DatasetColumns;
import dev.mlhandoff.data.definition.FeatureFile;
import dev.mlhandoff.data.definition.InvalidFeatureFileException;
import dev.mlhandoff.por.pipeline.DataRejectedException;
import dev.mlhandoff.por.pipeline.DatasetDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The file of features that the catalog names for a dataset, held against the cleaned columns. */
final class DeclaredFeatures {

  private final Dataset dataset;
  private final Path folder;

  /**
   * @param folder where files of the catalog lie
   */
  DeclaredFeatures(Dataset dataset, Path folder) {
    this.dataset = dataset;
    this.folder = folder;
  }

  /**
   * The file's content; empty if the catalog names none.
   *
   * @throws DataRejectedException MISSING_FILE, or INVALID_FEATURE_FILE with all that is wrong
   */
  Optional<byte[]> read(DatasetDescription description) throws IOException, DataRejectedException {
    String name = dataset.features();
    if (name == null) {
      return Optional.empty();
    }
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new DataRejectedException(
          "MISSING_FILE",
          "the catalog's file of features %s is not there".formatted(name),
          "/dataset");
    }
    byte[] content = Files.readAllBytes(file);
    try {
      FeatureFile.read(content, name, columns(description));
      return Optional.of(content);
    } catch (InvalidFeatureFileException e) {
      throw new DataRejectedException(
          "INVALID_FEATURE_FILE", String.valueOf(e.getMessage()), "/dataset");
    }
  }

  private DatasetColumns columns(DatasetDescription description) {
    List<ColumnInfo> entities = features(description.entityColumns());
    return dataset.events() == null
        ? DatasetColumns.ofEntities(entities, hidden(description))
        : DatasetColumns.withEvents(
            entities,
            description.hasAmount(),
            features(description.eventColumns()),
            hidden(description));
  }

  private static List<ColumnInfo> features(List<DatasetDescription.Column> columns) {
    return columns.stream()
        .filter(column -> column.role().equals("FEATURE"))
        .map(column -> new ColumnInfo(column.name(), column.type()))
        .toList();
  }

  private Map<String, String> hidden(DatasetDescription description) {
    Map<String, String> hidden = new HashMap<>();
    dataset
        .targets()
        .forEach(
            (name, target) -> {
              if (target.column() != null) {
                hidden.put(target.column(), "the target " + name);
              }
            });
    description.protectedAttributes().forEach(name -> hidden.put(name, "a protected attribute"));
    dataset.protectedColumns().forEach(name -> hidden.put(name, "a protected attribute"));
    dataset.pii().forEach(name -> hidden.put(name, "personal data"));
    hidden.put(dataset.entityKey(), "the entity key");
    if (dataset.eventKey() != null) {
      hidden.put(dataset.eventKey(), "the event key");
    }
    return hidden;
  }
}
