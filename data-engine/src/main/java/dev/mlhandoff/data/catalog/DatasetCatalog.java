package dev.mlhandoff.data.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The datasets that requests may name. A request never carries a path, an address or SQL.
 *
 * @param folder where relative files of the catalog lie
 */
public record DatasetCatalog(Map<String, Dataset> datasets, Path folder) {

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private record Content(@Nullable Map<String, Dataset> datasets) {}

  /**
   * Reads a catalog.
   *
   * @throws IOException if the file cannot be read, naming place and reason
   */
  public static DatasetCatalog read(Path file) throws IOException {
    try {
      @Nullable Content content = MAPPER.readValue(Files.readAllBytes(file), Content.class);
      Map<String, Dataset> datasets = content == null ? null : content.datasets();
      if (datasets == null) {
        throw new IOException("catalog " + file.getFileName() + ": there are no datasets");
      }
      Path folder = file.toAbsolutePath().getParent();
      return new DatasetCatalog(datasets, folder == null ? Path.of(".") : folder);
    } catch (JacksonException e) {
      throw new IOException("catalog " + file.getFileName() + ": " + e.getMessage(), e);
    }
  }

  public Optional<Dataset> find(String name) {
    return Optional.ofNullable(datasets.get(name));
  }

  public SortedSet<String> names() {
    return new TreeSet<>(datasets.keySet());
  }
}
