package dev.mlhandoff.e2e.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two public datasets through data pipeline, features and models, against what an independent
 * implementation (scikit-learn, stratified 5-fold) reaches. Far above would be a leak.
 */
class ReferenceFiguresTest {

  private static final Logger log = LoggerFactory.getLogger(ReferenceFiguresTest.class);

  @TempDir Path folder;

  @Test
  void reachesTheFiguresOfTelco() throws Exception {
    assertReaches(RealDataset.TELCO, 0.845, 0.844, 0.846);
  }

  @Test
  void reachesTheFiguresOfCdnow() throws Exception {
    assertReaches(RealDataset.CDNOW, 0.772, 0.762, 0.773);
  }

  private void assertReaches(RealDataset dataset, double logistic, double forest, double boosting)
      throws Exception {
    Map<String, Double> reference =
        new TreeMap<>(
            Map.of(
                "logistic_regression",
                logistic,
                "random_forest",
                forest,
                "gradient_boosting",
                boosting));
    CrossValidation reached =
        CrossValidation.of(dataset.features(folder).training(), 50, reference.keySet());
    log.info("{}: {}", dataset, CrossValidation.figures(reached.meanAuc()));
    reference.forEach(
        (family, auc) ->
            assertThat(reached.auc(family))
                .as(dataset + " " + family)
                .isCloseTo(auc, within(0.01)));
  }
}
