package dev.mlhandoff.data.definition;

import java.util.List;

/** A file of features that cannot be used; the message names what is wrong with it. */
public final class InvalidFeatureFileException extends Exception {

  private static final long serialVersionUID = 1L;

  /** More would not fit into a message. */
  private static final int MOST_PROBLEMS = 100;

  InvalidFeatureFileException(List<String> problems) {
    super(
        String.join("; ", problems.subList(0, Math.min(MOST_PROBLEMS, problems.size())))
            + (problems.size() > MOST_PROBLEMS
                ? "; and %d more".formatted(problems.size() - MOST_PROBLEMS)
                : ""));
  }
}
