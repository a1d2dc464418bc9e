package dev.mlhandoff.tracking.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlhandoff.tracking.journal.JournalEntry.Attempt;
import dev.mlhandoff.tracking.journal.JournalEntry.Metric;
import dev.mlhandoff.tracking.journal.JournalEntry.Trial;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JournalTest {

  private static final Attempt ATTEMPT =
      new Attempt(
          "Churn", "churn", "1.0.0", 1, new TreeMap<>(Map.of("seed", "42")), new TreeMap<>());

  @Test
  void readsWhatItWrote() {
    List<JournalEntry> entries =
        List.of(
            ATTEMPT,
            new Trial("lr", "logistic_regression", new TreeMap<>(Map.of("c", "1.0")), null),
            new Trial("bad", "random_forest", new TreeMap<>(), "the worker crashed three times"),
            new Metric("lr", "auc_roc", 3, 0.1 + 0.2),
            new Metric(null, "odd", 0, Double.NaN),
            new Metric(null, "odd", 1, Double.NEGATIVE_INFINITY));

    Journal read = Journal.read(Journal.of(entries).toBytes());

    assertThat(read.attempt()).isEqualTo(ATTEMPT);
    assertThat(read.trials()).isEqualTo(entries.subList(1, 3));
    assertThat(read.metrics()).isEqualTo(entries.subList(3, 6));
    assertThat(read.selectedModel()).isEmpty();
  }

  @Test
  void isOneLineAnEntryWithKeysInOrder() {
    byte[] bytes = Journal.of(List.of(ATTEMPT, new Metric("lr", "auc_roc", 0, 0.75))).toBytes();

    assertThat(new String(bytes, StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"type":"attempt","attempt":1,"modelId":"churn","parameters":{"seed":"42"},\
            "project":"Churn","tags":{},"version":"1.0.0"}
            {"type":"metric","name":"auc_roc","step":0,"trial":"lr","value":0.75}
            """);
  }

  @Test
  void saysWhichLineIsNotAnEntry() {
    byte[] broken =
        (new String(Journal.of(List.of(ATTEMPT)).toBytes(), StandardCharsets.UTF_8)
                + "{\"type\":\"metr")
            .getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> Journal.read(broken)).hasMessage("line 2 is not an entry");
    assertThatThrownBy(() -> Journal.read(new byte[0])).hasMessageContaining("begins with");
  }
}
