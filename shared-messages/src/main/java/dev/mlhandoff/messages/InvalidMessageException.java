package dev.mlhandoff.messages;

/** A message that cannot be worked on, whoever tries; the code and pointer say why and where. */
public final class InvalidMessageException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String code;
  private final String pointer;

  /**
   * @param code a code of the README's list
   * @param message for the requester: no internals
   * @param pointer JSON pointer into the message, empty for the whole of it
   */
  public InvalidMessageException(String code, String message, String pointer) {
    super(message);
    this.code = code;
    this.pointer = pointer;
  }

  public String code() {
    return code;
  }

  public String pointer() {
    return pointer;
  }

  /** The message; never null. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
