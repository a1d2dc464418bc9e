package dev.mlhandoff.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.messages.RequestSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartsTest {

  @TempDir private Path folder;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private FileArtifactStore artifacts;
  private Starts starts;

  @BeforeEach
  void open() throws IOException {
    artifacts = new FileArtifactStore(folder);
    starts = new Starts(artifacts, "trial");
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  @Test
  void freshWorkRunsSideBySide() {
    UnderWay first = new UnderWay("a");
    UnderWay second = new UnderWay("b");

    await().until(() -> first.begun() && second.begun());
    first.end();
    second.end();
  }

  @Test
  void whatNeverEndedOnceIsRepeatedAloneSoThatACrashCountsForItOnly() throws Exception {
    crashed("suspect", 1);
    UnderWay before = new UnderWay("before");
    await().until(before::begun);
    UnderWay suspect = new UnderWay("suspect");
    await().until(suspect::waits);
    UnderWay after = new UnderWay("after");
    await().until(after::waits);
    assertThat(artifacts.list(StageKeys.starts(work("suspect"), "trial"))).hasSize(1);

    before.end();
    await().until(suspect::begun);
    await().until(after::waits);
    assertThat(artifacts.list(StageKeys.starts(work("suspect"), "trial"))).hasSize(2);
    assertThat(artifacts.list(StageKeys.starts(work("after"), "trial"))).isEmpty();

    suspect.end();
    await().until(after::begun);
    after.end();
  }

  @Test
  void whatNeverEndedThreeTimesIsGivenUpAndHoldsNobodyUp() throws Exception {
    crashed("hopeless", 3);

    assertThatThrownBy(() -> starts.begin(work("hopeless")))
        .hasMessage("stage trial was started 3 times and never ended");
    UnderWay next = new UnderWay("next");
    await().until(next::begun);
    next.end();
  }

  /** Work on a thread of its own, from its start to {@link #end()}. */
  private final class UnderWay {

    private final CountDownLatch ended = new CountDownLatch(1);
    private final CompletableFuture<Thread> thread = new CompletableFuture<>();
    private volatile boolean begun;

    UnderWay(String part) {
      threads.execute(
          () -> {
            thread.complete(Thread.currentThread());
            try (Starts.Start start = starts.begin(work(part))) {
              begun = true;
              ended.await();
              start.forget();
            } catch (RejectionException | InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
    }

    boolean begun() {
      return begun;
    }

    boolean waits() {
      return !begun && thread.join().getState() == Thread.State.WAITING;
    }

    void end() {
      ended.countDown();
    }
  }

  private void crashed(String part, int times) throws IOException {
    for (int start = 1; start <= times; start++) {
      artifacts.putIfAbsent(
          StageKeys.starts(work(part), "trial") + start, new byte[0], "application/octet-stream");
    }
  }

  private static Work<String> work(String part) {
    return new Work<>("run-1", 1, part, new RequestSource("esc.trials.v1", 0, 0), null, part);
  }
}
