package dev.mlhandoff.cli.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LineageTreeTest {

  private static final ModelLineage CHURN =
      new ModelLineage(
          "churn",
          "1.0.0",
          new TreeMap<>(
              Map.of(
                  "plan=basic", List.of("plan"),
                  "spend_90", List.of("spend_90"))),
          new TreeMap<>(
              Map.of(
                  "plan", List.of("entities.plan"),
                  "spend_90", List.of("events.amount", "events.event_time"),
                  "age", List.of("entities.age"))),
          new TreeMap<>(
              Map.of(
                  "entities.plan", List.of("people: tariff"),
                  "entities.age", List.of("people: born"),
                  "events.amount", List.of("sales: price", "sales: quantity"),
                  "events.event_time", List.of("sales: at"))));

  private static final ModelLineage UPSELL =
      new ModelLineage(
          "upsell",
          "2.1.0",
          new TreeMap<>(Map.of("their_spend", List.of("their_spend"))),
          new TreeMap<>(Map.of("their_spend", List.of("churn/history@1.0.0.spend_90"))),
          new TreeMap<>(
              Map.of(
                  "churn/history@1.0.0.spend_90",
                  List.of("feature store: churn/history@1.0.0.spend_90"))));

  /** A later version of the project from which the other one imported. */
  private static final ModelLineage LATER =
      new ModelLineage(
          "churn",
          "1.1.0",
          new TreeMap<>(),
          new TreeMap<>(Map.of("spend_90", List.of("events.discounted"))),
          new TreeMap<>());

  private final LineageTree tree = new LineageTree(List.of(CHURN, UPSELL));

  @Test
  void anInteractionGoesBackToBothFeaturesAndIsReachedFromEach() {
    LineageTree pairs =
        new LineageTree(
            List.of(
                new ModelLineage(
                    "churn",
                    "1.1.0",
                    new TreeMap<>(Map.of("age * visits", List.of("age", "visits"))),
                    new TreeMap<>(
                        Map.of(
                            "age",
                            List.of("entities.age"),
                            "visits",
                            List.of("events.event_time"))),
                    new TreeMap<>())));
    assertThat(pairs.of("age * visits"))
        .containsExactly(
            "<- model column age * visits of churn/1.1.0",
            "  <- feature age",
            "    <- column entities.age",
            "  <- feature visits",
            "    <- column events.event_time");
    assertThat(pairs.of("visits"))
        .endsWith("  -> model column age * visits of churn/1.1.0")
        .contains("  <- column events.event_time");
  }

  @Test
  void aFeatureGoesBackToSourceColumnsAndOnToEveryModelThatUsesIt() {
    assertThat(tree.of("spend_90"))
        .startsWith(
            "feature spend_90 of churn/1.0.0",
            "  <- column events.amount",
            "    <- source sales: price",
            "    <- source sales: quantity",
            "  <- column events.event_time",
            "    <- source sales: at",
            "  -> model column spend_90 of churn/1.0.0",
            "  -> feature their_spend of upsell/2.1.0",
            "    -> model column their_spend of upsell/2.1.0");
  }

  @Test
  void aSourceColumnGoesOnToFeaturesAndModels() {
    assertThat(tree.of("tariff"))
        .containsExactly(
            "column entities.plan of churn/1.0.0",
            "  <- source people: tariff",
            "  -> feature plan",
            "    -> model column plan=basic of churn/1.0.0");
    assertThat(tree.of("born")).endsWith("    -> no column of churn/1.0.0");
  }

  @Test
  void aModelGoesBackOverTheVersionItImportedFrom() {
    assertThat(new LineageTree(List.of(CHURN, UPSELL, LATER)).of("upsell"))
        .containsExactly(
            "model upsell/2.1.0",
            "  <- model column their_spend of upsell/2.1.0",
            "    <- feature their_spend",
            "      <- column churn/history@1.0.0.spend_90",
            "        <- source feature store: churn/history@1.0.0.spend_90",
            "        <- feature spend_90",
            "          <- column events.amount",
            "            <- source sales: price",
            "            <- source sales: quantity",
            "          <- column events.event_time",
            "            <- source sales: at");
  }

  @Test
  void nothingIsCalledSo() {
    assertThat(tree.of("unheard-of")).isEmpty();
  }
}
