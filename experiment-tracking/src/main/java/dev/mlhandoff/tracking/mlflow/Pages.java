package dev.mlhandoff.tracking.mlflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Lists that a server answers in pages; some servers answer nothing to who names no page size. */
final class Pages {

  private static final int SIZE = 1000;

  private Pages() {}

  /** Asks for one page. */
  @FunctionalInterface
  interface Request {
    JsonNode send(Map<String, Object> parameters) throws MlflowException;
  }

  /**
   * Every entry of all pages, in the server's order.
   *
   * @param name of the list in the answers, which leave it out where it is empty
   * @param parameters of the request, without size and token of the page
   */
  static List<JsonNode> all(String name, Map<String, Object> parameters, Request request)
      throws MlflowException {
    Map<String, Object> page = new LinkedHashMap<>(parameters);
    page.put("max_results", SIZE);
    List<JsonNode> entries = new ArrayList<>();
    String next;
    do {
      JsonNode answer = request.send(page);
      answer.path(name).forEach(entries::add);
      next = answer.path("next_page_token").asString("");
      page.put("page_token", next);
    } while (!next.isEmpty());
    return entries;
  }
}
