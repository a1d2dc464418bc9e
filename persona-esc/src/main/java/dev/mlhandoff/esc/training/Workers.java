package dev.mlhandoff.esc.training;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads for work whose parts do not depend on one another; results keep the parts' order. */
final class Workers implements AutoCloseable {

  private final ExecutorService threads;

  Workers(int threads) {
    this.threads = Executors.newFixedThreadPool(threads);
  }

  <T> List<T> all(List<Callable<T>> parts) throws InterruptedException {
    List<T> results = new ArrayList<>();
    for (Future<T> result : threads.invokeAll(parts)) {
      try {
        results.add(result.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a part failed: " + e.getCause(), e.getCause());
      }
    }
    return results;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
