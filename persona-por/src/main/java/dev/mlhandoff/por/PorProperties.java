package dev.mlhandoff.por;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of POR, under {@code handoff.por}.
 *
 * @param catalog the dataset catalog, a YAML file
 */
@ConfigurationProperties("handoff.por")
public record PorProperties(
    Path catalog, SourceDatabase source, @DefaultValue("20m") Duration deadline) {

  /** Where tables and Parquet files of the catalog are found. */
  public record SourceDatabase(
      String url, String user, String password, @DefaultValue("handoff") String bucket) {}
}
