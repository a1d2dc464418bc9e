package dev.mlhandoff.bom;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.bom.DescribedModel.Dataset;
import dev.mlhandoff.bom.DescribedModel.Fairness;
import dev.mlhandoff.bom.DescribedModel.Performance;
import dev.mlhandoff.bom.DescribedModel.Risk;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cyclonedx.Version;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.component.modelCard.PerformanceMetric;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Test;

class ModelBomTest {

  private static final DescribedModel MODEL =
      new DescribedModel(
          "churn",
          "Churn",
          "2.0.0",
          "a".repeat(64),
          "xgboost",
          "Score the entities of customers for 'churned'.",
          new TreeMap<>(Map.of("income", "NUMERIC", "plan", "CATEGORICAL")),
          List.of(
              new Dataset(
                  "data/features",
                  "features",
                  "candidate features, one row an entity",
                  "b".repeat(64),
                  List.of("data/source/people"),
                  List.of(),
                  Map.of("income", "entities.income <- people: income")),
              new Dataset(
                  "data/source/people",
                  "people",
                  "a source",
                  null,
                  List.of(),
                  List.of("email"),
                  Map.of())),
          List.of(
              new Performance("auc_roc", 0.81, "out of fold", 0.79, 0.83),
              new Performance("f1", 0.5, "out of fold", null, null)),
          List.of(new Fairness("origin", "no difference is wholly beyond 0.1", "")),
          List.of(new Risk("a check failed", "collect more rows")),
          List.of("says nothing about unseen data"),
          "c".repeat(64),
          Instant.parse("2026-11-24T10:00:00Z"),
          new TreeMap<>(Map.of("deployment_status", "production")));

  @Test
  void isValidByTheLibrarysSchema() throws Exception {
    byte[] json = ModelBom.json(MODEL);

    assertThat(new JsonParser().validate(json, Version.VERSION_16)).isEmpty();
    String broken = new String(json, UTF_8).replace("\"supervised\"", "\"by magic\"");
    assertThat(new JsonParser().validate(broken.getBytes(UTF_8), Version.VERSION_16)).isNotEmpty();
  }

  @Test
  void holdsModelCardDataAndWhatWasMadeFromWhat() throws Exception {
    Bom bom = new JsonParser().parse(ModelBom.json(MODEL));

    Component model = bom.getMetadata().getComponent();
    assertThat(model.getType()).isEqualTo(Component.Type.MACHINE_LEARNING_MODEL);
    assertThat(model.getHashes())
        .singleElement()
        .extracting(h -> h.getValue())
        .isEqualTo("a".repeat(64));
    PerformanceMetric auc =
        model.getModelCard().getQuantitativeAnalysis().getPerformanceMetrics().get(0);
    assertThat(auc.getValue()).isEqualTo("0.81");
    assertThat(auc.getConfidenceInterval().getUpperBound()).isEqualTo("0.83");
    assertThat(model.getModelCard().getModelParameters().getDatasets())
        .extracting(dataset -> dataset.getRef())
        .containsExactly("data/features", "data/source/people");
    assertThat(bom.getComponents().get(0).getProperties())
        .anyMatch(p -> p.getName().equals("handoff:lineage:income"));
    assertThat(bom.getDependencies().get(1).getDependencies())
        .extracting(d -> d.getRef())
        .containsExactly("data/source/people");
  }

  @Test
  void isEqualForEqualModels() {
    assertThat(ModelBom.json(MODEL)).isEqualTo(ModelBom.json(MODEL));
  }
}
