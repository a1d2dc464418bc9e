package dev.mlhandoff.card;

import java.util.List;
import java.util.Set;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Markdown of the stages as HTML: what looks like HTML in it is text, and images stay away. */
final class Markdown {

  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
  private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();

  /** Tables and code are scrolled where the page is narrow, so the keyboard must reach them. */
  private static final Set<String> SCROLLED = Set.of("table", "pre");

  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder()
          .extensions(EXTENSIONS)
          .escapeHtml(true)
          .sanitizeUrls(true)
          .attributeProviderFactory(
              context ->
                  (node, tag, attributes) -> {
                    if (SCROLLED.contains(tag)) {
                      attributes.put("tabindex", "0");
                    }
                  })
          .build();

  private Markdown() {}

  static String html(String markdown) {
    Node document = PARSER.parse(markdown);
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Image image) {
            image.insertBefore(new Text(image.getDestination()));
            image.unlink();
          }
        });
    return RENDERER.render(document);
  }
}
