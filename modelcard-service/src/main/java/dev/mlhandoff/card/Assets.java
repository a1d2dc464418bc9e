package dev.mlhandoff.card;

import dev.mlhandoff.runtime.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Style and scripts of the pages, in memory; an address names a digest and may be kept for good.
 */
final class Assets {

  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final Map<String, String> ALL =
      Map.of(
          "style.css", resource("/pages/style.css"),
          "live.js", resource("/pages/live.js"),
          "charts.js", resource("/pages/charts.js"),
          "uplot.css", resource(UPLOT + "uPlot.min.css"),
          "uplot.js", resource(UPLOT + "uPlot.iife.min.js"));

  private Assets() {}

  /** The address of an asset. */
  static String href(String name) {
    return "/board/assets/" + digest(name) + "/" + name;
  }

  /** An asset under its address. */
  static Optional<String> find(String digest, String name) {
    return Optional.ofNullable(ALL.get(name)).filter(text -> digest(name).equals(digest));
  }

  /** An asset's text, to stand within a page. */
  static String text(String name) {
    String text = ALL.get(name);
    if (text == null) {
      throw new IllegalArgumentException("no asset " + name);
    }
    return text;
  }

  /** What a content security policy calls an asset that stands within the page. */
  static String hash(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text(name).getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String digest(String name) {
    return Digests.sha256(text(name).getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  private static String resource(String name) {
    try (InputStream content = Assets.class.getResourceAsStream(name)) {
      if (content == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
