package dev.mlhandoff.card;

import gg.jte.TemplateOutput;
import gg.jte.html.HtmlInterceptor;
import gg.jte.html.HtmlTemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BiConsumer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Answers with pages, which load nothing from elsewhere and run no script but the assets. */
final class Html {

  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:;"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  /** Of a page that stands alone: what is within it, and nothing else. */
  private static final String POLICY_ALONE =
      "default-src 'none'; style-src %s %s; script-src %s %s; img-src data:; base-uri 'none';"
          + " form-action 'none'";

  private static final HtmlInterceptor UNTOUCHED =
      new HtmlInterceptor() {
        @Override
        public void onHtmlTagOpened(
            String name, Map<String, Object> attributes, TemplateOutput output) {}

        @Override
        public void onHtmlTagClosed(String name, TemplateOutput output) {}
      };

  private Html() {}

  /** What a template writes; user content is escaped by its context. */
  static String of(BiConsumer<HtmlTemplateOutput, HtmlInterceptor> template) {
    StringOutput page = new StringOutput();
    template.accept(new OwaspHtmlTemplateOutput(page), UNTOUCHED);
    return page.toString();
  }

  static ResponseEntity<byte[]> answer(String page) {
    return answer(HttpStatus.OK, page);
  }

  static ResponseEntity<byte[]> answer(HttpStatus status, String page) {
    return answer(status, POLICY, page);
  }

  /** The same as a file to keep or to mail. */
  static ResponseEntity<byte[]> download(String name, String page) {
    return ResponseEntity.ok()
        .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
        .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
        .header("Content-Security-Policy", policyAlone())
        .header("X-Content-Type-Options", "nosniff")
        .body(page.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with a page that has all it needs within itself. */
  static ResponseEntity<byte[]> alone(String page) {
    return answer(HttpStatus.OK, policyAlone() + "; frame-ancestors 'none'", page);
  }

  private static ResponseEntity<byte[]> answer(HttpStatus status, String policy, String page) {
    return ResponseEntity.status(status)
        .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
        .header("Content-Security-Policy", policy)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "same-origin")
        .header("Cache-Control", "no-store")
        .body(page.getBytes(StandardCharsets.UTF_8));
  }

  /** The policy that a page carries in itself when it is saved or mailed. */
  static String policyAlone() {
    return POLICY_ALONE.formatted(
        Assets.hash("style.css"),
        Assets.hash("uplot.css"),
        Assets.hash("uplot.js"),
        Assets.hash("charts.js"));
  }
}
