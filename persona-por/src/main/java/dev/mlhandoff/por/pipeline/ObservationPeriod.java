package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.Target;
import java.time.LocalDate;
import java.util.Objects;

/** Until when features look, and until when the label is decided; moments as SQL. */
record ObservationPeriod(LocalDate asOf, int labelDays) {

  /** Of a dataset with events. */
  static ObservationPeriod of(Dataset dataset, Target target) {
    Integer days = target.inactiveDays();
    return new ObservationPeriod(Objects.requireNonNull(dataset.asOf()), days == null ? 0 : days);
  }

  /** The first moment that features must not see. */
  String endOfHistory() {
    return "TIMESTAMP '" + asOf.plusDays(1) + "'";
  }

  /** The first moment after the time in which the label is decided. */
  String endOfLabel() {
    return "TIMESTAMP '" + asOf.plusDays(1L + labelDays) + "'";
  }
}
