package dev.mlhandoff.por.pipeline;

/** The data cannot carry this project, whoever tries. */
public final class DataRejectedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String code;
  private final String pointer;

  public DataRejectedException(String code, String message, String pointer) {
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
}
