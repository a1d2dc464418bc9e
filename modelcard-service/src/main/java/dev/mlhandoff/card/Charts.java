package dev.mlhandoff.card;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The charts over a model's out-of-fold predictions.
 *
 * @param confusion null if there are no charts
 */
record Charts(List<Figure> figures, @Nullable Confusion confusion) {

  static final Charts NONE = new Charts(List.of(), null);
}
