package dev.mlhandoff.ior;

import dev.mlhandoff.ior.Routes.Served;
import java.util.Optional;
import java.util.SortedSet;

/** What serves now. */
interface RoutedModels {

  /** A model's newest route that could be followed, with its versions. */
  Optional<Served> find(String modelId);

  /** Whether everything that was decided before the start is known. */
  boolean isCaughtUp();

  /** Every model that has a route. */
  SortedSet<String> modelIds();
}
