package dev.mlhandoff.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One platform for all flow tests of a JVM, started at the first use and stopped with the JVM. */
public final class SharedPlatform {

  private SharedPlatform() {}

  /** The platform, started if it is not yet. */
  public static EmbeddedPlatform get() {
    return Holder.PLATFORM;
  }

  private static final class Holder {
    static final EmbeddedPlatform PLATFORM = start();

    private static EmbeddedPlatform start() {
      try {
        Path home = Files.createTempDirectory("ml-handoff-platform");
        EmbeddedPlatform platform = EmbeddedPlatform.start(PlatformOptions.forTests(home));
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(
                    () -> {
                      try {
                        platform.close();
                      } catch (IOException e) {
                        throw new UncheckedIOException(e);
                      }
                    }));
        return platform;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
