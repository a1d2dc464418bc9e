package dev.mlhandoff.card.lineage;

import dev.mlhandoff.card.lineage.LineageDataset.Column;
import dev.mlhandoff.card.lineage.LineageDataset.Source;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.ColumnLineageDatasetFacetFieldsBuilder;
import io.openlineage.client.OpenLineage.DataQualityMetricsDatasetFacetColumnMetricsBuilder;
import io.openlineage.client.OpenLineage.DatasetFacets;
import io.openlineage.client.OpenLineage.DatasetFacetsBuilder;
import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.InputDatasetInputFacetsBuilder;
import io.openlineage.client.OpenLineage.InputField;
import io.openlineage.client.OpenLineage.OutputDataset;
import java.util.List;

/** Datasets with their facets: schema, quality, lineage of columns, statistics. */
final class Facets {

  private final OpenLineage openLineage;
  private final String namespace;

  Facets(OpenLineage openLineage, String namespace) {
    this.openLineage = openLineage;
    this.namespace = namespace;
  }

  InputDataset input(LineageDataset dataset) {
    InputDatasetInputFacetsBuilder facets = openLineage.newInputDatasetInputFacetsBuilder();
    if (!dataset.checks().isEmpty()) {
      facets.dataQualityAssertions(
          openLineage.newDataQualityAssertionsDatasetFacet(
              dataset.checks().stream()
                  .map(
                      check ->
                          openLineage
                              .newDataQualityAssertionsDatasetFacetAssertionsBuilder()
                              .assertion(check.name())
                              .success(check.passed())
                              .severity(check.severity())
                              .build())
                  .toList()));
    }
    return openLineage.newInputDataset(
        namespace, dataset.name(), described(dataset), facets.build());
  }

  OutputDataset output(LineageDataset dataset) {
    return openLineage.newOutputDataset(
        namespace,
        dataset.name(),
        described(dataset),
        openLineage
            .newOutputDatasetOutputFacetsBuilder()
            .outputStatistics(
                openLineage.newOutputStatisticsOutputDatasetFacet(
                    dataset.rows(), dataset.bytes(), 1L))
            .build());
  }

  private DatasetFacets described(LineageDataset dataset) {
    DatasetFacetsBuilder facets = openLineage.newDatasetFacetsBuilder();
    String version = dataset.version();
    if (version != null) {
      facets.version(openLineage.newDatasetVersionDatasetFacet(version));
    }
    if (!dataset.columns().isEmpty()) {
      facets.schema(
          openLineage.newSchemaDatasetFacet(
              dataset.columns().stream()
                  .map(
                      column ->
                          openLineage
                              .newSchemaDatasetFacetFieldsBuilder()
                              .name(column.name())
                              .type(column.type())
                              .build())
                  .toList()));
    }
    if (dataset.rows() != null) {
      facets.dataQualityMetrics(
          openLineage
              .newDataQualityMetricsDatasetFacetBuilder()
              .rowCount(dataset.rows())
              .bytes(dataset.bytes())
              .columnMetrics(quality(dataset.columns()).build())
              .build());
    }
    if (!dataset.sources().isEmpty()) {
      ColumnLineageDatasetFacetFieldsBuilder fields =
          openLineage.newColumnLineageDatasetFacetFieldsBuilder();
      dataset
          .sources()
          .forEach(
              (column, sources) ->
                  fields.put(
                      column,
                      openLineage
                          .newColumnLineageDatasetFacetFieldsAdditionalBuilder()
                          .inputFields(sources.stream().map(this::field).toList())
                          .build()));
      facets.columnLineage(openLineage.newColumnLineageDatasetFacet(fields.build(), List.of()));
    }
    return facets.build();
  }

  private DataQualityMetricsDatasetFacetColumnMetricsBuilder quality(List<Column> columns) {
    DataQualityMetricsDatasetFacetColumnMetricsBuilder metrics =
        openLineage.newDataQualityMetricsDatasetFacetColumnMetricsBuilder();
    for (Column column : columns) {
      metrics.put(
          column.name(),
          openLineage
              .newDataQualityMetricsDatasetFacetColumnMetricsAdditionalBuilder()
              .nullCount(column.nulls())
              .min(column.lowest())
              .max(column.highest())
              .build());
    }
    return metrics;
  }

  private InputField field(Source source) {
    return openLineage.newInputField(
        namespace,
        source.dataset(),
        source.column(),
        List.of(
            openLineage.newInputFieldTransformations(
                source.direct() ? "DIRECT" : "INDIRECT",
                source.direct() ? "TRANSFORMATION" : "FILTER",
                source.how(),
                false)));
  }
}
