package dev.mlhandoff.runtime;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Runs what a stage wants to do once its Kafka transaction is committed. Kafka's transaction
 * manager takes no synchronizations, so this listens to the manager itself.
 */
final class Commits implements TransactionExecutionListener {

  // A listener thread works for one service and in one transaction at a time.
  private static final ThreadLocal<@Nullable Runnable> NEXT = new ThreadLocal<>();

  /** To run after the commit of the calling thread's transaction; forgotten if it rolls back. */
  void afterCommit(Runnable action) {
    NEXT.set(action);
  }

  @Override
  public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
    Runnable action = NEXT.get();
    NEXT.remove();
    if (action != null && failure == null) {
      action.run();
    }
  }

  @Override
  public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
    NEXT.remove();
  }
}
