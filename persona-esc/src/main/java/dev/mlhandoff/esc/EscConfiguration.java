package dev.mlhandoff.esc;

import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.messages.TrialResult;
import dev.mlhandoff.runtime.InputReader;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.StageDefinition;
import dev.mlhandoff.runtime.StageRunners;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EscProperties.class)
class EscConfiguration {

  /** The stage id of trials: they have metrics and manifests of their own. */
  private static final String TRIAL = "trial";

  @Bean
  TrainingTables trainingTables() {
    return new TrainingTables();
  }

  @Bean
  EscListener escListener(StageRunners runners, EscProperties properties, TrainingTables tables) {
    return new EscListener(
        runners.create(
            new StageDefinition<>(
                "ESC",
                StageIds.TRAINING,
                Topics.STAGE_ESC,
                properties.deadline(),
                InputReader.handoffs(),
                Step.class,
                new PlanStage(tables),
                (work, step) -> step.emissions(),
                (work, step) -> step.completion())));
  }

  @Bean
  TrialListener trialListener(
      StageRunners runners,
      EscProperties properties,
      TrainingTables tables,
      MeterRegistry registry,
      @Value("${handoff.replica:${HOSTNAME:local}}") String replica) {
    TrialStage stage = new TrialStage(tables, replica, registry);
    return new TrialListener(
        runners.create(
            new StageDefinition<>(
                "ESC",
                TRIAL,
                Topics.ESC_TRIALS,
                properties.trialDeadline(),
                TrialReaders.trials(),
                TrialResult.class,
                stage,
                (work, result) -> List.of(TrialStage.answer(result)),
                (work, result) -> Optional.empty(),
                stage::failed)),
        properties.threads());
  }

  @Bean
  TrialResultListener trialResultListener(
      StageRunners runners,
      EscProperties properties,
      TrainingTables tables,
      JdbcTemplate jdbc,
      MessagePublisher publisher,
      Clock clock) {
    TrialResults results = new TrialResults(jdbc);
    return new TrialResultListener(
        TrialReaders.results(),
        results,
        runners.create(
            new StageDefinition<>(
                "ESC",
                StageIds.TRAINING,
                Topics.ESC_TRIAL_RESULTS,
                properties.deadline(),
                TrialReaders.results(),
                Step.class,
                new RoundStage(results, tables, properties.threads()),
                (work, step) -> step.emissions(),
                (work, step) -> step.completion())),
        publisher,
        clock);
  }
}
