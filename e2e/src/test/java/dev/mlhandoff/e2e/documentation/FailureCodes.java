package dev.mlhandoff.e2e.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The codes that a rejection can carry: what the README promises, and what the sources say. */
public final class FailureCodes {

  private static final Path ROOT = Path.of("..");
  private static final Pattern LISTED = Pattern.compile("`([A-Z][A-Z_]+)`");
  private static final Pattern THROWN =
      Pattern.compile(
          "new (?:Rejection|InvalidMessage|DataRejected|Transient)Exception\\(\\s*\"([A-Z][A-Z_]+)\"");

  private FailureCodes() {}

  /** Codes of the rows of the README's table of rejections. */
  public static Set<String> ofReadme() throws IOException {
    Set<String> codes = new TreeSet<>();
    boolean rejections = false;
    for (String line : Files.readAllLines(ROOT.resolve("README.md"))) {
      if (line.startsWith("## ")) {
        rejections = line.equals("## Rejections");
      } else if (rejections && line.startsWith("|")) {
        addAll(LISTED.matcher(line.split("\\|", -1)[1]), codes);
      }
    }
    return codes;
  }

  /** Codes that the services' sources construct rejections with. */
  static Set<String> ofSources() throws IOException {
    Set<String> codes = new TreeSet<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (Path file : files.filter(FailureCodes::isSource).toList()) {
        addAll(THROWN.matcher(Files.readString(file)), codes);
      }
    }
    return codes;
  }

  private static boolean isSource(Path file) {
    String path = file.toString().replace('\\', '/');
    return path.contains("/src/main/java/") && path.endsWith(".java");
  }

  private static void addAll(Matcher found, Set<String> codes) {
    while (found.find()) {
      codes.add(found.group(1));
    }
  }
}
