package dev.mlhandoff.tracking.stub;

/** An error as the API words it. */
final class StubRefusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  final int status;
  final String code;

  private StubRefusal(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  static StubRefusal invalid(String message) {
    return new StubRefusal(400, "INVALID_PARAMETER_VALUE", message);
  }

  static StubRefusal exists(String message) {
    return new StubRefusal(400, "RESOURCE_ALREADY_EXISTS", message);
  }

  static StubRefusal missing(String message) {
    return new StubRefusal(404, "RESOURCE_DOES_NOT_EXIST", message);
  }
}
