package dev.mlhandoff.far;

import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.FeatureView;
import java.util.List;

/** What FAR made: the deliverable, and the feature views to register. */
record FarOutput(Deliverable deliverable, List<FeatureView> views) {

  FarOutput {
    views = List.copyOf(views);
  }
}
