package dev.mlhandoff.por;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.platform.SharedPlatform;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class RunClaimsTest {

  private static final Instant NOW = Instant.parse("2025-10-01T00:00:00Z");

  private final DriverManagerDataSource database =
      new DriverManagerDataSource(
          SharedPlatform.get().database().jdbcUrl(), "postgres", "postgres");

  @BeforeEach
  void migrate() {
    Flyway.configure()
        .dataSource(database)
        .schemas("por")
        .defaultSchema("por")
        .locations("classpath:db/migration/por")
        .load()
        .migrate();
    JdbcClient.create(database).sql("TRUNCATE por.claims, por.correlations").update();
  }

  private RunClaims at(Duration later) {
    return new RunClaims(JdbcClient.create(database), Clock.fixed(NOW.plus(later), ZoneOffset.UTC));
  }

  @Test
  void givesNoVersionToARunThatNeverClaims() {
    RunClaims claims = at(Duration.ZERO);
    claims.register("rejected", "churn");
    claims.register("first", "churn");
    claims.register("second", "churn");

    assertThat(claims.claim("first", "churn")).isEqualTo("1.0.0");
    assertThat(claims.claim("second", "churn")).isEqualTo("2.0.0");
    // A redelivered record is registered and claims again.
    claims.register("first", "churn");
    assertThat(claims.claim("first", "churn")).isEqualTo("1.0.0");
  }

  @Test
  void givesEachOfManyAtOnceItsOwnVersion() throws Exception {
    RunClaims claims = at(Duration.ZERO);
    List<String> versions =
        eightAtOnce(
            i -> {
              claims.register("run-" + i, "busy");
              return claims.claim("run-" + i, "busy");
            });

    assertThat(versions)
        .containsExactlyInAnyOrder(
            "1.0.0", "2.0.0", "3.0.0", "4.0.0", "5.0.0", "6.0.0", "7.0.0", "8.0.0");
  }

  @Test
  void letsOneRunHoldACorrelationIdForADay() {
    assertThat(holder(Duration.ZERO, "first")).isEqualTo("first");
    assertThat(holder(Duration.ofHours(1), "second")).isEqualTo("first");
    // A redelivered record claims again, and stays the holder for no longer than before.
    assertThat(holder(Duration.ofHours(2), "first")).isEqualTo("first");
    assertThat(holder(Duration.ofHours(24).minusSeconds(1), "third")).isEqualTo("first");
    assertThat(holder(Duration.ofHours(24), "late")).isEqualTo("late");
    assertThat(holder(Duration.ofHours(25), "later")).isEqualTo("late");
  }

  @Test
  void tellsWhatTheHolderAskedFor() {
    RunClaims claims = at(Duration.ZERO);
    claims.correlate("order-2", "first", "digest");

    assertThat(claims.correlate("order-2", "second", "another digest"))
        .isEqualTo(new RunClaims.Holder("first", "digest"));
    assertThat(claims.correlate("order-3", "third", "another digest"))
        .isEqualTo(new RunClaims.Holder("third", "another digest"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 24})
  void givesACorrelationIdToOneOfManyAtOnce(long hoursLater) throws Exception {
    at(Duration.ZERO).correlate(hoursLater == 0 ? "elsewhere" : "order-1", "old", "digest");
    CyclicBarrier together = new CyclicBarrier(8);
    List<String> holders =
        eightAtOnce(
            i -> {
              together.await();
              return holder(Duration.ofHours(hoursLater), "run-" + i);
            });

    assertThat(holders).hasSize(8).doesNotContain("old");
    assertThat(Set.copyOf(holders)).as("holders").hasSize(1);
  }

  private String holder(Duration later, String runId) {
    return at(later).correlate("order-1", runId, "digest").runId();
  }

  /** A task of one of eight runs. */
  private interface Task {
    String of(int run) throws Exception;
  }

  private static List<String> eightAtOnce(Task task) throws Exception {
    ExecutorService workers = Executors.newFixedThreadPool(8);
    try {
      List<Callable<String>> tasks = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int run = i;
        tasks.add(() -> task.of(run));
      }
      List<String> results = new ArrayList<>();
      for (Future<String> result : workers.invokeAll(tasks)) {
        results.add(result.get());
      }
      return results;
    } finally {
      workers.shutdownNow();
    }
  }
}
