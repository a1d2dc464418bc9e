package dev.mlhandoff.card;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.springframework.web.util.HtmlUtils;

/** The frame of a page: self-contained, with style and script inside. */
final class Page {

  private static final String STYLE = resource("/pages/style.css");
  private static final String BOARD_SCRIPT = resource("/pages/board.js");

  private Page() {}

  /** A page that stands alone: it may be saved, mailed and printed. */
  static String standing(String title, String body) {
    return frame(title, body, "");
  }

  /** A page that follows what happens. */
  static String live(String title, String body) {
    return frame(title, body, "<script>" + BOARD_SCRIPT + "</script>");
  }

  static String escaped(Object value) {
    return HtmlUtils.htmlEscape(String.valueOf(value));
  }

  private static String frame(String title, String body, String script) {
    return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
        + " content=\"width=device-width,initial-scale=1\"><title>"
        + escaped(title)
        + "</title><link rel=\"icon\" href=\"data:,\"><style>"
        + STYLE
        + "</style></head><body>"
        + body
        + script
        + "</body></html>\n";
  }

  private static String resource(String name) {
    try (InputStream content = Page.class.getResourceAsStream(name)) {
      if (content == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
