package dev.mlhandoff.e2e.flow;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The CycloneDX library's own validator, with the schema validator that it was made for: another
 * version than that of the contract, and therefore apart from the tests' class path.
 */
final class CycloneDx {

  private static final Path VALIDATOR = Path.of("target", "cyclonedx", "json-schema-validator.jar");

  private CycloneDx() {}

  /** What is wrong with a bill of materials by the schema of CycloneDX 1.6. */
  static List<String> violations(byte[] bill) throws Exception {
    List<URL> classPath = new ArrayList<>(List.of(VALIDATOR.toUri().toURL()));
    String tests =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String entry : tests.split(File.pathSeparator, -1)) {
      if (!entry.contains("json-schema-validator")) {
        classPath.add(Path.of(entry).toUri().toURL());
      }
    }
    Thread thread = Thread.currentThread();
    ClassLoader usual = thread.getContextClassLoader();
    try (URLClassLoader library =
        new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(library);
      Class<?> parser = library.loadClass("org.cyclonedx.parsers.JsonParser");
      Class<?> version = library.loadClass("org.cyclonedx.Version");
      Object found =
          parser
              .getMethod("validate", byte[].class, version)
              .invoke(
                  parser.getConstructor().newInstance(),
                  bill,
                  version.getField("VERSION_16").get(null));
      return ((List<?>) found).stream().map(String::valueOf).toList();
    } finally {
      thread.setContextClassLoader(usual);
    }
  }
}
