package dev.mlhandoff.cli;

import dev.mlhandoff.cli.traffic.Drift;
import dev.mlhandoff.cli.traffic.OpenLoop;
import dev.mlhandoff.cli.traffic.World;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plays the world for a model that serves: entities it never saw, and what came true of them. */
@Command(
    name = "traffic",
    mixinStandardHelpOptions = true,
    description =
        "Ask a model for predictions of the entities it was not trained on, and tell what came true"
            + " of them.")
final class TrafficCommand implements Callable<Integer> {

  private static final int PROGRESS_SECONDS = 2;

  @Parameters(paramLabel = "MODEL", description = "model id, as `handoff runs` shows it")
  private String model;

  @Option(
      names = "--rate",
      required = true,
      description = "requests a second; they are sent on time, however slow the answers are")
  private double rate;

  @Option(
      names = "--drift",
      paramLabel = "FEATURE=SHIFT",
      description =
          "shift a numeric feature by so many of its standard deviations; may be given again")
  private List<String> drift = new ArrayList<>();

  @Option(names = "--count", description = "how many requests (default: until stopped)")
  private @Nullable Long count;

  @Option(names = "--seconds", description = "for how long (default: until stopped)")
  private @Nullable Long seconds;

  @Option(
      names = "--labels",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "tell the true outcomes (default: yes)")
  private boolean labels;

  @Option(
      names = "--seed",
      defaultValue = "42",
      description = "of the order of the entities (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--predict",
      description = "where predictions are answered (default: the running system's)")
  private @Nullable URI predict;

  @Mixin private BrokerOptions broker;

  @Mixin private ArtifactOptions artifacts;

  @Override
  public Integer call() throws Exception {
    if (!(rate > 0)) {
      throw new IOException("--rate must be above 0");
    }
    if (count != null && seconds != null) {
      throw new IOException("give either --count or --seconds");
    }
    List<Drift> drifts = drifts();
    String address = predict == null ? artifacts.predict() : predict.toString();
    List<String> features = ServedModel.features(address, model);
    World world = World.of(HeldOut.of(artifacts, model, features), drifts, seed);
    System.out.printf("%d entities that %s was not trained on%n", world.size(), model);
    try (TrueOutcomes outcomes = new TrueOutcomes(broker.client(artifacts::broker))) {
      OpenLoop loop =
          new OpenLoop(
              URI.create(address + "/predict"),
              model,
              (id, asked) -> {
                if (labels) {
                  outcomes.tell(id, asked.outcome());
                }
              });
      run(loop, world);
      System.out.println(loop.counts().describe());
      String problem = loop.problem();
      if (problem != null) {
        System.err.println("not every request was answered; the last time: " + problem);
      }
      return loop.counts().answers() > 0 ? HandoffCommand.DONE : HandoffCommand.FAILED;
    }
  }

  private void run(OpenLoop loop, World world) throws InterruptedException {
    ScheduledExecutorService progress = Executors.newSingleThreadScheduledExecutor();
    try {
      var unused =
          progress.scheduleAtFixedRate(
              () -> System.out.println(loop.counts().describe()),
              PROGRESS_SECONDS,
              PROGRESS_SECONDS,
              TimeUnit.SECONDS);
      loop.run(world, rate, requests());
    } finally {
      progress.shutdownNow();
    }
  }

  private long requests() {
    if (count != null) {
      return count;
    }
    return seconds == null ? Long.MAX_VALUE : Math.round(seconds * rate);
  }

  private List<Drift> drifts() throws IOException {
    try {
      return drift.stream().map(Drift::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
