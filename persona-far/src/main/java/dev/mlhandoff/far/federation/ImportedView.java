package dev.mlhandoff.far.federation;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Features of one view of another project.
 *
 * @param name the view with its project and version
 * @param columns what is imported
 * @param offline the partition of the pinned version
 * @param timeToLive how long after its event a value counts; null for ever
 * @param at values are looked up as of this moment
 */
public record ImportedView(
    String name,
    List<Column> columns,
    Path offline,
    EntityKeys keys,
    @Nullable Duration timeToLive,
    Instant at) {

  public ImportedView {
    columns = List.copyOf(columns);
  }

  /**
   * One feature.
   *
   * @param name the column it becomes
   * @param feature its name in the view
   * @param timeToLive that of the feature itself; null if it counts as long as its view's
   */
  public record Column(String name, String feature, @Nullable Duration timeToLive) {}
}
