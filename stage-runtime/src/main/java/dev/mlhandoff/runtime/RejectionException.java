package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.InvalidMessageException;
import java.util.List;

/** Ends the run at once: trying again could not help. Code and message reach the requester. */
public final class RejectionException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String code;
  private final String pointer;
  private final transient List<String> history;

  /**
   * @param code a code of the README's list
   * @param message for the requester: no internals, no secrets
   * @param pointer JSON pointer into the request, empty for the whole of it
   */
  public RejectionException(String code, String message, String pointer) {
    this(code, message, pointer, List.of());
  }

  /**
   * @param history what was tried before, one sentence an attempt
   */
  public RejectionException(String code, String message, String pointer, List<String> history) {
    super(message);
    this.code = code;
    this.pointer = pointer;
    this.history = List.copyOf(history);
  }

  /** A message that cannot be read. */
  public static RejectionException of(InvalidMessageException e) {
    return new RejectionException(e.code(), e.reason(), e.pointer());
  }

  public String code() {
    return code;
  }

  public String pointer() {
    return pointer;
  }

  public List<String> history() {
    return history;
  }

  /** The message; never null. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
