package dev.mlhandoff.cli;

import dev.mlhandoff.messages.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Begin, show or stop A/B tests of a model. */
@Command(
    name = "abtest",
    mixinStandardHelpOptions = true,
    description =
        "Compare the version in production with the one that stands by, on the outcomes of the"
            + " entities that each answers. Without --versions, shows the model's tests.")
final class AbTestCommand implements Callable<Integer> {

  @Mixin private ModelOrders orders;

  @Option(
      names = "--versions",
      split = ",",
      paramLabel = "A,B",
      description = "the two versions; B is compared with A")
  private @Nullable List<String> versions;

  @Option(
      names = "--metric",
      description = "brier-score, accuracy, most-outcomes or fewest-outcomes")
  private @Nullable String metric;

  @Option(
      names = "--minimum-samples",
      paramLabel = "N",
      description = "entities with a known outcome that each version needs before a verdict")
  private @Nullable Integer minimumSamples;

  @Option(
      names = "--maximum-samples",
      paramLabel = "N",
      description = "where the test ends in any case (default: ten times the minimum)")
  private @Nullable Integer maximumSamples;

  @Option(
      names = "--significance",
      paramLabel = "A",
      description = "probability of a verdict without a difference (default: 0.05)")
  private @Nullable Double significance;

  @Option(
      names = "--split",
      paramLabel = "PERCENT",
      description = "share of the entities that version B answers (default: 50)")
  private @Nullable Integer split;

  @Option(
      names = "--maximum-days",
      paramLabel = "DAYS",
      description = "when the test ends in any case (default: 14)")
  private @Nullable Integer maximumDays;

  @Option(names = "--stop", description = "end the running test without a verdict")
  private boolean stop;

  @Override
  public Integer call() throws Exception {
    if (stop && versions != null) {
      throw new IOException("give either --stop or --versions");
    }
    String address = orders.address("/ab-tests");
    byte[] answer;
    if (stop) {
      answer = Rest.post(address + "/stop", Json.write(Map.of()));
    } else if (versions != null) {
      answer = Rest.post(address, Json.write(plan(versions)));
    } else {
      answer = Rest.get(address);
    }
    if (orders.printed(answer)) {
      return HandoffCommand.DONE;
    }
    JsonNode tests = Json.tree(answer);
    if (tests.isArray()) {
      tests.forEach(AbTestCommand::print);
    } else {
      print(tests);
    }
    return HandoffCommand.DONE;
  }

  private Map<String, Object> plan(List<String> named) {
    Map<String, Object> plan = new TreeMap<>();
    plan.put("versions", named);
    put(plan, "metric", metric);
    put(plan, "minimumSamples", minimumSamples);
    put(plan, "maximumSamples", maximumSamples);
    put(plan, "significance", significance);
    put(plan, "split", split);
    put(plan, "maximumDays", maximumDays);
    return plan;
  }

  private static void put(Map<String, Object> plan, String key, @Nullable Object value) {
    if (value != null) {
      plan.put(key, value);
    }
  }

  private static void print(JsonNode test) {
    JsonNode plan = test.path("plan");
    System.out.printf(
        "%s  %s against %s by %s: %s%n",
        test.path("testId").asString(),
        plan.path("versionB").asString(),
        plan.path("versionA").asString(),
        plan.path("metric").asString(),
        test.path("state").asString());
    JsonNode result = test.path("result");
    if (result.isObject()) {
      System.out.printf(
          "  %s; B less A is %.4f, in [%.4f, %.4f], over %d and %d entities%n",
          result.path("verdict").asString(),
          result.path("difference").asDouble(),
          result.path("lower").asDouble(),
          result.path("upper").asDouble(),
          result.path("samplesA").asLong(),
          result.path("samplesB").asLong());
    }
  }
}
