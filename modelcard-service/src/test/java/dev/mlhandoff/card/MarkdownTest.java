package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkdownTest {

  @Test
  void nothingThatAStrangerWroteRunsOrLoads() {
    assertThat(
            Markdown.html(
                "# <script>alert(1)</script>\n\n![x](http://elsewhere/a.png) [y](javascript:alert(1))"))
        .contains("&lt;script&gt;", "http://elsewhere/a.png")
        .doesNotContain("<script", "<img", "javascript:");
  }

  @Test
  void tablesAreTables() {
    assertThat(Markdown.html("| a |\n|---|\n| 1 |"))
        .contains("<table tabindex=\"0\">", "<td>1</td>");
  }
}
