package dev.mlhandoff.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The example of {@code docs/own-dataset.md}: its files, its commands, its question. */
record OwnDataset(String page, Path folder) {

  private static final int MEMBERS = 1000;

  /** Writes the files of the page; the members are generated under the page's headings. */
  static OwnDataset ofTheDocumentation(Path folder) throws IOException {
    OwnDataset own = new OwnDataset(Files.readString(Path.of("../docs/own-dataset.md")), folder);
    Path gym = Files.createDirectories(folder.resolve("gym"));
    Files.writeString(own.catalog(), own.block("yaml"));
    Files.writeString(gym.resolve("request.json"), own.block("json"));
    Files.writeString(gym.resolve("members.csv"), own.members());
    return own;
  }

  Path catalog() {
    return folder.resolve("gym/catalog.yml");
  }

  /** What follows {@code ./handoff}, in order. */
  List<String> commands() {
    List<String> commands = new ArrayList<>();
    block("sh").lines().forEach(line -> commands.add(line.replace("./handoff ", "")));
    return commands;
  }

  /** What is asked of {@code /predict}. */
  String question() {
    Matcher body = Pattern.compile("-d '([^']*)'").matcher(page);
    if (!body.find()) {
      throw new IllegalStateException("the page asks nothing");
    }
    return body.group(1);
  }

  private String block(String language) {
    String start = "```" + language + "\n";
    int from = page.indexOf(start) + start.length();
    return page.substring(from, page.indexOf("```", from));
  }

  /** Those who come rarely and pay late leave. */
  private String members() {
    Random random = new Random(7);
    StringBuilder rows = new StringBuilder(block("csv").lines().findFirst().orElseThrow());
    for (int i = 0; i < MEMBERS; i++) {
      int visits = random.nextInt(20);
      int late = random.nextInt(4);
      boolean gone = 1.2 * late - 0.3 * visits + random.nextGaussian() > -0.5;
      rows.append("\nM%04d,m%d@example.com,".formatted(i, i))
          .append(random.nextBoolean() ? "f" : "m")
          .append(',')
          .append(random.nextInt(10) == 0 ? "?" : String.valueOf(18 + random.nextInt(50)))
          .append(random.nextBoolean() ? ",basic," : ",premium,")
          .append(1 + random.nextInt(60))
          .append(',')
          .append(visits)
          .append(',')
          .append(random.nextInt(10) == 0 ? "" : String.valueOf(late))
          .append(gone ? ",yes" : ",no");
    }
    return rows.append('\n').toString();
  }
}
