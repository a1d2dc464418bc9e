package dev.mlhandoff.ior.serving;

/**
 * What to do with values that are well formed but unlike anything that training saw, by column that
 * the model reads.
 *
 * @param unknownCategory a category that was not there
 * @param outOfRange a number below the smallest or above the largest
 * @param missing no value in a column that always had one
 */
public record DeviationPolicy(Action unknownCategory, Action outOfRange, Action missing) {

  /** Answers whatever is asked, and says what was unusual. */
  public static final DeviationPolicy LENIENT =
      new DeviationPolicy(Action.ACCEPT, Action.ACCEPT, Action.ACCEPT);

  /** What happens to the record. */
  public enum Action {
    /** It is scored as the pipeline treats such a value, and the answer carries a warning. */
    ACCEPT,
    /** It is refused like any other broken rule. */
    REFUSE
  }
}
