package dev.mlhandoff.runtime;

import java.io.IOException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Counts how often work of one stage was started without ever ending, which is what a crash of the
 * process leaves behind. Work that did so before is repeated while no other work of the stage runs
 * in this process: the next crash is then counted for it alone, not for an innocent neighbour.
 */
final class Starts {

  private static final int MAX_STARTS = 3;

  private final ArtifactStore artifacts;
  private final String stage;
  private final ReadWriteLock neighbours = new ReentrantReadWriteLock(true);

  Starts(ArtifactStore artifacts, String stage) {
    this.artifacts = artifacts;
    this.stage = stage;
  }

  /** One start; closed by the thread that began it, also if the work failed. */
  final class Start implements AutoCloseable {

    private final String key;
    private final Lock lock;

    private Start(String key, Lock lock) {
      this.key = key;
      this.lock = lock;
    }

    /** The work failed, but it ended: this start is no crash. */
    void forget() {
      try {
        artifacts.delete(key);
      } catch (IOException e) {
        throw new TransientException("the artifact store did not answer", e);
      }
    }

    @Override
    public void close() {
      lock.unlock();
    }
  }

  /**
   * Notes that work begins, once it may.
   *
   * @throws RejectionException {@code WORK_CRASHED} if it never ended three times
   */
  Start begin(Work<?> work) throws RejectionException {
    String prefix = StageKeys.starts(work, stage);
    Lock lock = unfinished(prefix) > 0 ? neighbours.writeLock() : neighbours.readLock();
    lock.lock();
    try {
      int before = unfinished(prefix);
      if (before >= MAX_STARTS) {
        throw new RejectionException(
            "WORK_CRASHED",
            "stage %s was started %d times and never ended".formatted(stage, before),
            "");
      }
      String key = prefix + (before + 1);
      artifacts.putIfAbsent(key, new byte[0], "application/octet-stream");
      return new Start(key, lock);
    } catch (RejectionException | RuntimeException e) {
      lock.unlock();
      throw e;
    } catch (IOException e) {
      lock.unlock();
      throw new TransientException("the artifact store did not answer", e);
    }
  }

  private int unfinished(String prefix) {
    try {
      return artifacts.list(prefix).size();
    } catch (IOException e) {
      throw new TransientException("the artifact store did not answer", e);
    }
  }
}
