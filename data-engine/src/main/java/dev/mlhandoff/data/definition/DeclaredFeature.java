package dev.mlhandoff.data.definition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One declared feature, or for {@link PerCategory} several. No kind takes SQL, so none can look
 * past the as-of date or at a label. Days are counted back from the end of the as-of date.
 */
public sealed interface DeclaredFeature {

  /** What every kind says. */
  Declaration declaration();

  /** The feature's name; of several ones, what their names begin with. */
  default String name() {
    return declaration().name();
  }

  /**
   * What every kind says.
   *
   * @param kind as the file calls it
   * @param description in words; null for the one that follows from the definition
   * @param owner who answers for it; null if nobody is named
   * @param timeToLiveDays a value counts for so long after the as-of date; null for as long as
   *     those of its view
   * @param pointer where in the file it stands
   */
  record Declaration(
      String kind,
      String name,
      @Nullable String description,
      @Nullable String owner,
      List<String> tags,
      @Nullable Integer timeToLiveDays,
      String pointer) {

    public Declaration {
      tags = List.copyOf(tags);
    }
  }

  /**
   * An aggregate over events.
   *
   * @param column of the events; null counts the events themselves
   * @param days null for the whole history
   */
  record Window(
      Declaration declaration, Aggregate of, @Nullable String column, @Nullable Integer days)
      implements DeclaredFeature {}

  /** What is aggregated how. */
  enum Aggregate {
    COUNT,
    SUM,
    MEAN,
    MIN,
    MAX,
    STANDARD_DEVIATION,
    DISTINCT
  }

  /** One declared feature over another; missing where the denominator is zero or missing. */
  record Ratio(Declaration declaration, String numerator, String denominator)
      implements DeclaredFeature {}

  /**
   * How something changed.
   *
   * @param column of the events; null for their number
   * @param days length of the recent time, and of the earlier one before it
   */
  record Trend(Declaration declaration, Change of, @Nullable String column, int days)
      implements DeclaredFeature {}

  /** What is said of a change. */
  enum Change {
    /** Recent over earlier; of counts, with one added to both. */
    RATIO,
    /** Recent minus earlier. */
    DIFFERENCE,
    /** Least-squares slope of the column's values in the recent time, for each day. */
    SLOPE
  }

  /** Days between events. */
  record Gap(Declaration declaration, Between of) implements DeclaredFeature {}

  /** Which days are counted. */
  enum Between {
    SINCE_LAST,
    MEAN
  }

  /**
   * Share of the events in a part of the week, the year or the day, in UTC.
   *
   * @param values ISO weekdays 1 to 7, months 1 to 12 or hours 0 to 23
   * @param days null for the whole history
   */
  record Seasonality(
      Declaration declaration, Part part, List<Integer> values, @Nullable Integer days)
      implements DeclaredFeature {

    public Seasonality {
      values = List.copyOf(values);
    }
  }

  /** Of what a season is a part. */
  enum Part {
    WEEKDAYS(1, 7),
    MONTHS(1, 12),
    HOURS(0, 23);

    private final int first;
    private final int last;

    Part(int first, int last) {
      this.first = first;
      this.last = last;
    }

    public int first() {
      return first;
    }

    public int last() {
      return last;
    }
  }

  /**
   * A feature for each of the most frequent values of a column, counted without any label.
   *
   * @param sumOf column of the events that is summed; null unless sums are asked for
   * @param top how many values
   * @param days null for the whole history
   */
  record PerCategory(
      Declaration declaration,
      String column,
      Measure of,
      @Nullable String sumOf,
      int top,
      @Nullable Integer days)
      implements DeclaredFeature {}

  /** What is said of a category. */
  enum Measure {
    SHARE,
    COUNT,
    SUM
  }

  /** A column of the entities as it is. */
  record Column(Declaration declaration, String column) implements DeclaredFeature {}
}
