package dev.mlhandoff.card;

import dev.mlhandoff.messages.MonitoringWindow;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.RunSpans;
import dev.mlhandoff.runtime.access.AccessProperties;
import dev.mlhandoff.runtime.access.TokenSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BoardProperties.class)
class ModelCardConfiguration {

  @Bean
  RunStore runStore(JdbcClient jdbc) {
    return new RunStore(jdbc);
  }

  // No bean of the transaction manager's type: the listener's transactions are Kafka's.
  @Bean
  CardBook cardBook(JdbcClient jdbc, RunStore runs, DataSource dataSource) {
    return new CardBook(new CardStore(jdbc), runs, transaction(dataSource));
  }

  @Bean
  EventFold eventFold(
      RunStore runs, CardBook cards, ArtifactStore artifacts, DataSource dataSource) {
    return new EventFold(runs, cards, new Outcomes(artifacts::uri), transaction(dataSource));
  }

  @Bean
  RunMetrics runMetrics(RunStore runs, MeterRegistry registry, Clock clock) {
    return new RunMetrics(runs, registry, clock);
  }

  @Bean
  EventListener eventListener(
      EventFold fold,
      CardBook cards,
      ArtifactStore artifacts,
      MessagePublisher publisher,
      RunMetrics metrics,
      RunSpans spans) {
    return new EventListener(fold, cards, artifacts, publisher, metrics, spans);
  }

  @Bean
  Rebuild rebuild(ConsumerFactory<byte[], byte[]> consumers, RunStore runs, EventFold fold) {
    return new Rebuild(consumers, runs, fold);
  }

  @Bean
  TopicFollower<RouteTable> routeFollower(
      ConsumerFactory<byte[], byte[]> consumers, CardBook cards, MessagePublisher publisher) {
    return new TopicFollower<>(
        consumers,
        Topics.SERVING_ROUTES,
        table -> {
          if (table.modelId() != null) {
            cards.follow(table);
          }
        },
        () ->
            cards.announceChanges(
                entry -> publisher.sendNow(Topics.MODEL_CARDS, entry.key(), entry.card())));
  }

  @Bean
  MonitoringHistory monitoringHistory() {
    return new MonitoringHistory();
  }

  @Bean
  TopicFollower<MonitoringWindow> monitoringFollower(
      ConsumerFactory<byte[], byte[]> consumers, MonitoringHistory history) {
    return new TopicFollower<>(
        consumers,
        Topics.MONITORING_WINDOWS,
        window -> {
          if (window.runId() != null && window.at() != null && window.windowId() != null) {
            history.take(window);
          }
        },
        () -> {});
  }

  @Bean
  EvidenceReader evidenceReader(ArtifactStore artifacts) {
    return new EvidenceReader(artifacts);
  }

  @Bean
  CardController cardController(
      RunStore runs, CardBook cards, EvidenceReader evidence, ArtifactStore artifacts) {
    return new CardController(runs, cards, evidence, artifacts);
  }

  @Bean
  BoardStream boardStream(RunStore runs) {
    return new BoardStream(runs);
  }

  @Bean
  BoardController boardController(
      RunStore runs,
      CardBook cards,
      BoardStream stream,
      MessagePublisher publisher,
      MonitoringHistory monitoring,
      EvidenceReader evidence,
      AccessProperties access) {
    return new BoardController(
        runs, cards, stream, new BoardPublisher(publisher), monitoring, evidence, access);
  }

  @Bean
  SignInController signInController(AccessProperties access) {
    return new SignInController(access);
  }

  @Bean
  TokenSource tokenSource() {
    return new TokenCookie();
  }

  @Bean
  SameOriginFilter sameOriginFilter(BoardProperties properties) {
    return new SameOriginFilter(properties.hosts());
  }

  private static TransactionTemplate transaction(DataSource dataSource) {
    return new TransactionTemplate(new JdbcTransactionManager(dataSource));
  }
}
