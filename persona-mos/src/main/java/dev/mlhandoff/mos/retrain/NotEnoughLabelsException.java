package dev.mlhandoff.mos.retrain;

/** Too little is known of what came of the predictions; later it may be enough. */
public final class NotEnoughLabelsException extends Exception {

  private static final long serialVersionUID = 1L;

  public NotEnoughLabelsException(String reason) {
    super(reason);
  }
}
