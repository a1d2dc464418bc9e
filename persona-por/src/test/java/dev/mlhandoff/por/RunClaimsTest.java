package dev.mlhandoff.por;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.platform.SharedPlatform;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
    JdbcClient.create(database).sql("DELETE FROM por.claims").update();
  }

  private RunClaims at(Duration later) {
    return new RunClaims(JdbcClient.create(database), Clock.fixed(NOW.plus(later), ZoneOffset.UTC));
  }

  @Test
  void givesNoVersionToARunThatNeverClaims() {
    RunClaims claims = at(Duration.ZERO);
    claims.register("rejected", "churn", null, "digest");
    claims.register("first", "churn", null, "digest");
    claims.register("second", "churn", null, "digest");

    assertThat(claims.claim("first", "churn")).isEqualTo("1.0.0");
    assertThat(claims.claim("second", "churn")).isEqualTo("2.0.0");
    // A redelivered record is registered and claims again.
    claims.register("first", "churn", null, "digest");
    assertThat(claims.claim("first", "churn")).isEqualTo("1.0.0");
  }

  @Test
  void givesEachOfManyAtOnceItsOwnVersion() throws Exception {
    RunClaims claims = at(Duration.ZERO);
    List<Callable<String>> tasks =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    (Callable<String>)
                        () -> {
                          claims.register("run-" + i, "busy", null, "digest");
                          return claims.claim("run-" + i, "busy");
                        })
            .toList();
    ExecutorService workers = Executors.newFixedThreadPool(8);
    try {
      List<Future<String>> versions = workers.invokeAll(tasks);
      for (int i = 0; i < versions.size(); i++) {
        assertThat(versions).extracting(Future::get).contains((i + 1) + ".0.0");
      }
    } finally {
      workers.shutdownNow();
    }
  }

  @Test
  void findsTheFirstRunOfACorrelationIdWithinADay() {
    at(Duration.ZERO).register("first", "churn", "order-1", "digest");
    at(Duration.ofHours(1)).register("second", "churn", "order-1", "digest");
    at(Duration.ofHours(25)).register("late", "churn", "order-1", "digest");

    assertThat(at(Duration.ZERO).earlier("order-1", "first")).isEmpty();
    assertThat(at(Duration.ofHours(1)).earlier("order-1", "second"))
        .contains(new RunClaims.Earlier("first", "digest"));
    assertThat(at(Duration.ofHours(25)).earlier("order-1", "late")).isEmpty();
    assertThat(at(Duration.ofHours(25).minusSeconds(1)).earlier("order-1", "late"))
        .contains(new RunClaims.Earlier("second", "digest"));
  }
}
