package dev.mlhandoff.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.SharedPlatform;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class S3ArtifactStoreTest {

  private static final int OBJECTS = 150;
  private static final int THREADS = 4;

  private final S3ArtifactStore store =
      new S3ArtifactStore(
          EmbeddedPlatform.BUCKET,
          SharedPlatform.get().objectStore().endpoint(),
          "us-east-1",
          EmbeddedObjectStore.ACCESS_KEY,
          EmbeddedObjectStore.SECRET_KEY);

  /** A server that answers before the body has come makes the client put it again. */
  @Test
  void ofConditionalPutsTheFirstIsToldThatItWasAndNoOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      assertThat(puts(threads)).hasSize(OBJECTS).containsOnly(true);
      assertThat(puts(threads)).hasSize(OBJECTS).containsOnly(false);
    } finally {
      threads.shutdownNow();
      store.close();
    }
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
