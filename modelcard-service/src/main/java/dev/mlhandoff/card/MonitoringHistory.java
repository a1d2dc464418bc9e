package dev.mlhandoff.card;

import dev.mlhandoff.messages.MonitoringWindow;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/** The newest windows of each run's version, in memory: the topic is where they are kept. */
final class MonitoringHistory {

  private static final int KEPT = 200;
  private static final Comparator<MonitoringWindow> BY_TIME =
      Comparator.comparing(MonitoringWindow::at).thenComparing(MonitoringWindow::windowId);

  private final Map<String, NavigableSet<MonitoringWindow>> byRun = new ConcurrentHashMap<>();

  /** Takes a window; one that was sent twice is there once. */
  void take(MonitoringWindow window) {
    NavigableSet<MonitoringWindow> windows =
        byRun.computeIfAbsent(window.runId(), run -> new ConcurrentSkipListSet<>(BY_TIME));
    windows.add(window);
    if (windows.size() > KEPT) {
      windows.pollFirst();
    }
  }

  /** The windows of the version that the run made, the oldest first. */
  List<MonitoringWindow> of(String runId) {
    NavigableSet<MonitoringWindow> windows = byRun.get(runId);
    return windows == null ? List.of() : List.copyOf(windows);
  }
}
