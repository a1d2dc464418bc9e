package dev.mlhandoff.data.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;
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
    if (!Files.isReadable(file)) {
      throw new IOException("catalog " + file + " is not there, or cannot be read");
    }
    try {
      @Nullable Content content = MAPPER.readValue(Files.readAllBytes(file), Content.class);
      Map<String, Dataset> datasets = content == null ? null : content.datasets();
      if (datasets == null) {
        throw new IOException("catalog " + file.getFileName() + ": there are no datasets");
      }
      Path folder = file.toAbsolutePath().getParent();
      return new DatasetCatalog(datasets, folder == null ? Path.of(".") : folder);
    } catch (JacksonException e) {
      throw new IOException("catalog " + file.getFileName() + problem(e), e);
    }
  }

  /** Line, place and reason, without the classes behind them. */
  private static String problem(JacksonException failure) {
    String place =
        failure.getPath().stream()
            .map(
                step ->
                    step.getPropertyName() == null ? "" + step.getIndex() : step.getPropertyName())
            .collect(Collectors.joining("/"));
    Throwable cause = failure.getCause();
    String reason = failure.getOriginalMessage();
    if (failure instanceof ValueInstantiationException && cause != null) {
      reason = cause.getMessage();
    } else if (failure instanceof UnrecognizedPropertyException unknown) {
      reason =
          "there is no property %s, but %s"
              .formatted(unknown.getPropertyName(), unknown.getKnownPropertyIds());
    }
    return ", line %d, at %s: %s".formatted(failure.getLocation().getLineNr(), place, reason);
  }

  public Optional<Dataset> find(String name) {
    return Optional.ofNullable(datasets.get(name));
  }

  public SortedSet<String> names() {
    return new TreeSet<>(datasets.keySet());
  }
}
