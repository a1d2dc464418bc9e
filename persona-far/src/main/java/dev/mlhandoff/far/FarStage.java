package dev.mlhandoff.far;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.StoredColumns;
import dev.mlhandoff.far.PartnerFeatures.Imported;
import dev.mlhandoff.far.features.FeatureBuilder;
import dev.mlhandoff.far.features.FeatureDefinition;
import dev.mlhandoff.far.features.FeatureSkew;
import dev.mlhandoff.far.features.SelectionStability;
import dev.mlhandoff.far.federation.ImportReport;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.drift.SkewReport;
import dev.mlhandoff.runtime.Stage;
import dev.mlhandoff.runtime.StageContext;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Computes the candidate features of a cleaned dataset, and what is granted of other projects'. */
final class FarStage implements Stage<StageHandoff, FarOutput> {

  private static final String JSON = "application/json";

  private final OnlineTable online;
  private final OnlineImports onlineImports;
  private final DistributionSummary candidates;

  FarStage(OnlineTable online, OnlineImports onlineImports, MeterRegistry registry) {
    this.online = online;
    this.onlineImports = onlineImports;
    this.candidates =
        DistributionSummary.builder("handoff.features.candidates")
            .description("candidate features of a run")
            .register(registry);
  }

  @Override
  public FarOutput run(StageHandoff handoff, StageContext context) throws Exception {
    Deliverable data = handoff.deliverable(StageIds.DATA_PIPELINE);
    JsonNode description = Json.tree(context.read(data.artifact("dataset-description")));
    try (DuckDb database = DuckDb.open(context.workDirectory())) {
      FeatureBuilder builder = new CandidateFeatures(database, data, description, context).build();
      List<FeatureDefinition> own = builder.definitions();
      List<Imported> imports = new PartnerFeatures(data, context).join(database, own);
      List<FeatureDefinition> definitions = new ArrayList<>(own);
      imports.forEach(one -> definitions.addAll(one.definitions()));
      FeatureSpecification specification =
          new FeatureSpecification(
              handoff, definitions, builder.leftOut(), imports, database.count("features"));
      Path file = context.workDirectory().resolve("features.out.parquet");
      database.writeParquet("SELECT * FROM features", file);
      ArtifactRef features =
          context.write("features.parquet", file, "application/vnd.apache.parquet");
      ArtifactRef featureSet = context.write("features.json", Json.writePretty(definitions), JSON);
      context.progress(0.6, "writing the online table");
      ViewTimes times =
          ViewTimes.of(description, context.clock().instant().truncatedTo(ChronoUnit.MICROS));
      online.write(
          handoff.modelId(),
          features.sha256(),
          new OnlineTable.Rows(
              times, ViewPublication.timeToLiveDays(description), timesToLive(own)),
          own.stream().map(FeatureDefinition::name).collect(Collectors.toSet()),
          database);
      onlineImports.write(
          handoff.modelId(), features.sha256(), handoff.version(), imports, database);
      JsonNode lineage = Json.tree(context.read(data.artifact("lineage")));
      List<FeatureView> views =
          new ViewPublication(handoff, context, description, lineage, times)
              .publish(database, own, featureSet, features);
      SortedMap<String, ArtifactRef> artifacts = new TreeMap<>();
      artifacts.put("features", features);
      artifacts.put("feature-set", featureSet);
      write(specification, views, features.sha256(), database, context, artifacts);
      candidates.record(definitions.size());
      return new FarOutput(
          Deliverable.of(
              StageIds.FEATURE_ENGINEERING,
              "FAR",
              handoff.attempt(),
              specification.summary(),
              artifacts,
              specification.metrics()),
          views);
    }
  }

  private static SortedMap<String, Integer> timesToLive(List<FeatureDefinition> features) {
    SortedMap<String, Integer> days = new TreeMap<>();
    for (FeatureDefinition feature : features) {
      Integer own = feature.timeToLiveDays();
      if (own != null) {
        days.put(feature.name(), own);
      }
    }
    return days;
  }

  private static void write(
      FeatureSpecification specification,
      List<FeatureView> views,
      String featureDigest,
      DuckDb database,
      StageContext context,
      SortedMap<String, ArtifactRef> artifacts)
      throws IOException, SQLException {
    context.progress(0.8, "selection over the folds");
    SelectionStability.Report selection =
        new SelectionStability(new StoredColumns(database, "features"), specification.definitions())
            .report(specification.handoff().request().requirements().topFeatures());
    artifacts.put("selection", context.write("selection.json", Json.writePretty(selection), JSON));
    context.progress(0.9, "training against current data");
    SkewReport skew =
        new FeatureSkew(new StoredColumns(database, "features"))
            .report(specification.definitions());
    artifacts.put("skew", context.write("skew.json", Json.writePretty(skew), JSON));
    if (!specification.imports().isEmpty()) {
      List<ImportReport> reports = specification.imports().stream().map(Imported::report).toList();
      artifacts.put("imports", context.write("imports.json", Json.writePretty(reports), JSON));
    }
    // They name the run and, without an as-of date, its time.
    artifacts.put(
        "feature-views-metadata",
        context.write("feature-views.json", Json.writePretty(views), JSON));
    artifacts.put(
        "spec",
        context.write(
            "spec.json", Json.writePretty(specification.content(views, featureDigest)), JSON));
    artifacts.put(
        "spec-md",
        context.write(
            "spec.md",
            (specification.markdown(views) + SkewTable.markdown(skew))
                .getBytes(StandardCharsets.UTF_8),
            "text/markdown"));
  }
}
