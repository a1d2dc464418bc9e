package dev.mlhandoff.far;

import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.FeatureView.Feature;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.web.util.HtmlUtils;

/** The registry as pages that load nothing from elsewhere. */
final class ViewPage {

  private static final String STYLE =
      "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}"
          + "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;"
          + "padding:.35rem .6rem;text-align:left;vertical-align:top}code{font-size:13px;"
          + "overflow-wrap:anywhere}";

  private ViewPage() {}

  /** A row a view. */
  static String list(List<FeatureView> views) {
    String rows =
        views.stream()
            .map(
                view ->
                    "<tr><td><a href=\"/features/views/%s\">%s</a></td><td>%s</td><td>%d</td><td>%s</td><td>%s</td><td>%s</td></tr>"
                        .formatted(
                            escaped(view.key()),
                            escaped(view.key()),
                            escaped(view.dataset()),
                            view.features().size(),
                            escaped(view.owner() == null ? "" : view.owner()),
                            escaped(String.join(", ", view.tags())),
                            view.eventTime()))
            .collect(Collectors.joining());
    return frame(
        "Feature views",
        "<h1>Feature views</h1><table><thead><tr><th>view</th><th>dataset</th><th>features</th>"
            + "<th>owner</th><th>tags</th><th>as of</th></tr></thead><tbody>"
            + rows
            + "</tbody></table>");
  }

  /** One view with its features. */
  static String one(FeatureView view) {
    String rows = view.features().stream().map(ViewPage::row).collect(Collectors.joining());
    return frame(
        view.key(),
        "<p><a href=\"/features/views\">All feature views</a></p><h1>%s</h1><p>%s</p><table><thead><tr><th>feature</th><th>type</th><th>what it is</th><th>window</th><th>counts</th><th>owner</th><th>tags</th><th>source columns</th><th>definition</th></tr></thead><tbody>%s</tbody></table>"
            .formatted(escaped(view.key()), facts(view), rows));
  }

  private static String facts(FeatureView view) {
    return "Entity <code>%s</code> of the dataset %s, as of %s, known from %s, counts %s. Pipeline <code>%s</code>, feature table <code>%s</code>."
        .formatted(
            escaped(view.entity()),
            escaped(view.dataset()),
            view.eventTime(),
            view.knownTime(),
            view.timeToLiveDays() == null ? "for ever" : view.timeToLiveDays() + " days",
            view.pipelineDigest(),
            view.featureDigest());
  }

  private static String row(Feature feature) {
    String sources =
        feature.sources().stream()
            .map(source -> source.source() + ": " + source.column())
            .collect(Collectors.joining(", "));
    return "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td><code>%s</code></td></tr>"
        .formatted(
            escaped(feature.name()),
            feature.type(),
            escaped(feature.description()),
            feature.windowDays() == null ? "" : feature.windowDays() + " days",
            feature.timeToLiveDays() == null ? "" : feature.timeToLiveDays() + " days",
            escaped(feature.owner() == null ? "" : feature.owner()),
            escaped(feature.tags() == null ? "" : String.join(", ", feature.tags())),
            escaped(sources),
            escaped(feature.definition()));
  }

  private static String frame(String title, String body) {
    return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
        + " content=\"width=device-width,initial-scale=1\"><title>"
        + escaped(title)
        + "</title><link rel=\"icon\" href=\"data:,\"><style>"
        + STYLE
        + "</style></head><body>"
        + body
        + "</body></html>\n";
  }

  private static String escaped(String text) {
    return HtmlUtils.htmlEscape(text);
  }
}
