package dev.mlhandoff.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.SharedPlatform;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3ArtifactStoreTest {

  private static final int OBJECTS = 150;
  private static final int THREADS = 4;
  // More than the embedded server takes as a whole.
  private static final long LARGE = 130L << 20;

  @TempDir Path folder;

  private final S3ArtifactStore store =
      new S3ArtifactStore(
          EmbeddedPlatform.BUCKET,
          SharedPlatform.get().objectStore().endpoint(),
          "us-east-1",
          EmbeddedObjectStore.ACCESS_KEY,
          EmbeddedObjectStore.SECRET_KEY);

  @AfterEach
  void close() {
    store.close();
  }

  /** A server that answers before the body has come makes the client put it again. */
  @Test
  void ofConditionalPutsTheFirstIsToldThatItWasAndNoOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      assertThat(puts(threads)).hasSize(OBJECTS).containsOnly(true);
      assertThat(puts(threads)).hasSize(OBJECTS).containsOnly(false);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aLargeFileIsStoredAndReadAgain() throws Exception {
    Path file = folder.resolve("large");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(LARGE);
    }

    store.put("large", file, "application/octet-stream");
    Path copy = folder.resolve("copy");
    store.copy(store.uri("large"), copy);

    assertThat(Files.mismatch(file, copy)).isEqualTo(-1);
  }

  private List<Boolean> puts(ExecutorService threads) throws Exception {
    List<Future<Boolean>> asked = new ArrayList<>();
    for (int i = 0; i < OBJECTS; i++) {
      String key = "first-puts/" + i;
      asked.add(threads.submit(() -> store.putIfAbsent(key, new byte[0], "text/plain")));
    }
    List<Boolean> told = new ArrayList<>();
    for (Future<Boolean> one : asked) {
      told.add(one.get());
    }
    return told;
  }
}
