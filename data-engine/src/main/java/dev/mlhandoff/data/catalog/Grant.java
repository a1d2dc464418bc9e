package dev.mlhandoff.data.catalog;

import java.util.List;
import java.util.Objects;

/**
 * Leave for the projects of another dataset to read feature views made from this one.
 *
 * @param to name of the dataset whose projects may read
 * @param views {@code project} (a model id) for all of its views, or {@code project/view}; if left
 *     out, every view
 */
public record Grant(String to, List<String> views) {

  public Grant {
    if (to == null) {
      throw new IllegalArgumentException("a grant names the dataset it is given to");
    }
    views = List.copyOf(Objects.requireNonNullElse(views, List.of()));
  }

  /** Whether projects of the dataset may read the view of the project. */
  public boolean allows(String dataset, String project, String view) {
    return to.equals(dataset)
        && (views.isEmpty() || views.contains(project) || views.contains(project + "/" + view));
  }
}
