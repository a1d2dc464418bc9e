package dev.mlhandoff.ior;

import dev.mlhandoff.ml.bundle.Calibrator;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.model.ModelFamily;
import dev.mlhandoff.ml.pipeline.FeaturePipeline;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import dev.mlhandoff.ml.table.RawTable;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Small models, trained where they are needed. */
final class Bundles {

  static final String FEATURE_DIGEST = "digest";

  private Bundles() {}

  /** A number {@code x} from 0 to 39; the larger, the more probable. */
  static byte[] ofOneNumber() {
    double[] x = new double[80];
    int[] labels = new int[80];
    Arrays.setAll(x, i -> i % 40);
    Arrays.setAll(labels, i -> i % 40 + (i % 3) * 4 > 22 ? 1 : 0);
    RawTable table = RawTable.builder(80).numeric("x", x).build();
    return trained("logistic_regression", table, labels, new Calibrator(1, 0), FEATURE_DIGEST)
        .toBytes(table);
  }

  /** Rows with numbers, categories and missing values. */
  static RawTable mixed(int rows) {
    SplittableRandom random = new SplittableRandom(7);
    double[] income = new double[rows];
    double[] age = new double[rows];
    double[] visits = new double[rows];
    @Nullable String[] plan = new @Nullable String[rows];
    @Nullable String[] region = new @Nullable String[rows];
    for (int i = 0; i < rows; i++) {
      income[i] = random.nextInt(20) == 0 ? Double.NaN : random.nextDouble() * 5000;
      age[i] = 18 + random.nextInt(60);
      visits[i] = Math.expm1(random.nextDouble() * 5) / 3;
      plan[i] = random.nextInt(15) == 0 ? null : random.nextInt(2) == 0 ? "basic" : "premium";
      region[i] = "R" + random.nextInt(20);
    }
    return RawTable.builder(rows)
        .numeric("income", income)
        .numeric("age", age)
        .numeric("visits", visits)
        .categorical("plan", plan)
        .categorical("region", region)
        .build();
  }

  /** Leaves with a high income, few visits and the basic plan. */
  static int[] labels(RawTable table) {
    SplittableRandom random = new SplittableRandom(8);
    double[] income = table.numbers("income");
    double[] visits = table.numbers("visits");
    @Nullable String[] plan = table.categories("plan");
    int[] labels = new int[table.rows()];
    for (int i = 0; i < labels.length; i++) {
      double sum = (Double.isNaN(income[i]) ? 0 : (income[i] - 2500) / 1000) - visits[i] / 20;
      sum += "basic".equals(plan[i]) ? 1 : 0;
      labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-sum)) ? 1 : 0;
    }
    return labels;
  }

  static ModelBundle trained(
      String family, RawTable table, int[] labels, Calibrator calibrator, String featureDigest) {
    FeaturePipeline pipeline = PipelineFitter.fit(table, labels, 50);
    ModelFamily trainer = ModelFamilies.named(family);
    return ModelBundle.of(
        new ModelBundle.Description(
            1, trainer.name(), trainer.defaults(), 0.5, featureDigest, calibrator, pipeline),
        trainer.train(pipeline.transform(table), labels, trainer.defaults(), 42),
        table);
  }
}
