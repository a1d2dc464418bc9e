package dev.mlhandoff.por;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.DatasetCatalog;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.FeatureView.Feature;
import dev.mlhandoff.messages.FeatureView.SourceColumn;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.ProjectRequests;
import dev.mlhandoff.por.FederationRules.Granted;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the catalog grants of the shop's views to projects of the bank, as of 2025-10-15. */
class FederationRulesTest {

  private static final String CATALOG =
      """
      datasets:
        bank:
          entities: {file: bank.csv}
          entityKey: id
          asOf: 2025-10-15
          entityMappings:
            - {from: shop, keys: {file: keys.csv}, key: id, otherKey: customer, confidence: sure, threshold: 0.8}
            - {from: club}
        shop:
          entities: {file: shop.csv}
          entityKey: customer
          pii: [email]
          protectedColumns: [age]
          grants: [{to: bank, views: [churn/history]}]
        club:
          entities: {file: club.csv}
          entityKey: member
          grants: [{to: bank}]
        stranger:
          entities: {file: stranger.csv}
          entityKey: id
          grants: [{to: bank}]
      """;

  private static final Instant OCTOBER = Instant.parse("2025-10-01T00:00:00Z");
  private static final ArtifactRef REF = new ArtifactRef("s3://a/b", "0".repeat(64), 1, "x/y");

  @TempDir Path folder;

  @Test
  void pinsTheNewestVersionThatWasKnownThen() throws Exception {
    List<FeatureView> views =
        List.of(
            view("shop", "churn", "1.0.0", OCTOBER, OCTOBER, null),
            view("shop", "churn", "10.0.0", OCTOBER, OCTOBER, null),
            view("shop", "churn", "9.0.0", OCTOBER, OCTOBER, null),
            // Corrected after the bank's as-of date.
            view("shop", "churn", "11.0.0", OCTOBER, Instant.parse("2025-10-17T00:00:00Z"), null));
    Granted granted = only(resolve(views, request("churn", null, "recency_days")));
    assertThat(granted.federated().view().version()).isEqualTo("10.0.0");
    assertThat(granted.federated().at()).isEqualTo("2025-10-16T00:00:00Z");
    assertThat(granted.federated().keysArtifact()).isEqualTo("federated-keys-0");
    assertThat(granted.federated().threshold()).isEqualTo(0.8);
    assertThat(granted.federated().columns())
        .singleElement()
        .satisfies(
            column -> {
              assertThat(column.name()).isEqualTo("other_recency_days");
              assertThat(column.feature()).isEqualTo("recency_days");
            });
    assertThat(
            only(resolve(views, request("churn", "1.0.0", "recency_days")))
                .federated()
                .view()
                .version())
        .isEqualTo("1.0.0");
  }

  @Test
  void equalKeysNeedADeclarationTooButNoArtifact() throws Exception {
    List<FeatureView> views = List.of(view("club", "members", "1.0.0", OCTOBER, OCTOBER, null));
    Granted granted = only(resolve(views, request("members", null, "recency_days")));
    assertThat(granted.federated().keysArtifact()).isNull();
  }

  @Test
  void projectsOfTheSameDatasetNeedNoGrant() throws Exception {
    List<FeatureView> views = List.of(view("bank", "credit", "1.0.0", OCTOBER, OCTOBER, null));
    assertThat(resolve(views, request("credit", null, "recency_days"))).hasSize(1);
  }

  @Test
  void saysWhyAViewMayNotBeRead() throws Exception {
    FeatureView shop = view("shop", "churn", "1.0.0", OCTOBER, OCTOBER, null);
    List<FeatureView> one = List.of(shop);
    refused(one, request("nobody", null, "x"), "UNKNOWN_FEATURE_VIEW", "/federatedFeatures/0/view");
    refused(
        one,
        request("churn", "2.0.0", "recency_days"),
        "UNKNOWN_FEATURE_VIEW",
        "/federatedFeatures/0/version");
    refused(
        one,
        request("churn", null, "nothing"),
        "UNKNOWN_FEATURE",
        "/federatedFeatures/0/features/0");
    FeatureView other = view("shop", "fraud", "1.0.0", OCTOBER, OCTOBER, null);
    refused(
        List.of(other),
        request("fraud", null, "recency_days"),
        "FEATURE_VIEW_FORBIDDEN",
        "/federatedFeatures/0/view");
    FeatureView gone = view("no_more", "old", "1.0.0", OCTOBER, OCTOBER, null);
    refused(
        List.of(gone),
        request("old", null, "recency_days"),
        "FEATURE_VIEW_FORBIDDEN",
        "/federatedFeatures/0/view");
    FeatureView unmapped = view("stranger", "loans", "1.0.0", OCTOBER, OCTOBER, null);
    refused(
        List.of(unmapped),
        request("loans", null, "recency_days"),
        "NO_ENTITY_MAPPING",
        "/federatedFeatures/0/project");
    for (String sensitive : List.of("of_email", "of_age")) {
      refused(
          one,
          request("churn", null, sensitive),
          "FEATURE_VIEW_PERSONAL_DATA",
          "/federatedFeatures/0/features/0");
    }
    // A feature without a grant is no more told of than one that is not there.
    refused(
        List.of(other),
        request("fraud", null, "nothing"),
        "FEATURE_VIEW_FORBIDDEN",
        "/federatedFeatures/0/view");
  }

  @Test
  void looksAtWhenTheValuesCount() throws Exception {
    Instant late = Instant.parse("2025-10-16T00:00:00.000001Z");
    refused(
        List.of(view("shop", "churn", "1.0.0", OCTOBER, late, null)),
        request("churn", null, "recency_days"),
        "FEATURE_VIEW_NOT_KNOWN",
        "/federatedFeatures/0/view");
    refused(
        List.of(view("shop", "churn", "1.0.0", OCTOBER, OCTOBER, 14)),
        request("churn", null, "recency_days"),
        "FEATURE_VIEW_STALE",
        "/federatedFeatures/0/view");
    // The bank's as-of date ends 15 days after the event.
    FeatureView brief = view("shop", "churn", "1.0.0", OCTOBER, OCTOBER, 15);
    refused(
        List.of(brief),
        request("churn", null, "short_lived"),
        "FEATURE_VIEW_STALE",
        "/federatedFeatures/0/features/0");
    assertThat(
            resolve(
                List.of(view("shop", "churn", "1.0.0", OCTOBER, OCTOBER, 15)),
                request("churn", null, "recency_days")))
        .hasSize(1);
  }

  @Test
  void twoFeaturesNeverBecomeOneColumn() throws Exception {
    ProjectRequest twice =
        ProjectRequests.parse(
            """
            {"name": "Loans", "dataset": "bank", "target": "t", "deadline": "d", "federatedFeatures": [
              {"project": "churn", "view": "history", "features": ["recency_days"], "as": "other"},
              {"project": "churn", "view": "history", "features": ["recency_days"], "as": "other"}]}
            """
                .getBytes(StandardCharsets.UTF_8));
    refused(
        List.of(view("shop", "churn", "1.0.0", OCTOBER, OCTOBER, null)),
        twice,
        "FEATURE_NAME_TAKEN",
        "/federatedFeatures/1/as");
  }

  private static Granted only(List<Granted> granted) {
    assertThat(granted).hasSize(1);
    return granted.get(0);
  }

  private void refused(List<FeatureView> views, ProjectRequest request, String code, String pointer)
      throws IOException {
    RejectionException refusal =
        catchThrowableOfType(RejectionException.class, () -> resolve(views, request));
    assertThat(refusal).as(code).isNotNull();
    assertThat(Objects.requireNonNull(refusal).code()).isEqualTo(code);
    assertThat(refusal.pointer()).isEqualTo(pointer);
  }

  private List<Granted> resolve(List<FeatureView> views, ProjectRequest request)
      throws IOException, RejectionException {
    DatasetCatalog catalog =
        DatasetCatalog.read(Files.writeString(folder.resolve("catalog.yml"), CATALOG));
    Dataset bank = catalog.find("bank").orElseThrow();
    return new FederationRules(catalog, () -> views)
        .resolve(request, bank, Instant.parse("2026-01-01T00:00:00Z"));
  }

  private static ProjectRequest request(String project, @Nullable String version, String feature)
      throws Exception {
    return ProjectRequests.parse(
        """
        {"name": "Loans", "dataset": "bank", "target": "t", "deadline": "d", "federatedFeatures": [
          {"project": "%s", "view": "history", %s "features": ["%s"], "as": "other"}]}
        """
            .formatted(project, version == null ? "" : "\"version\": \"" + version + "\",", feature)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static FeatureView view(
      String dataset,
      String project,
      String version,
      Instant eventTime,
      Instant knownTime,
      @Nullable Integer timeToLiveDays) {
    return new FeatureView(
        project,
        "history",
        version,
        "run-0123456789abcdef",
        dataset,
        "customer",
        List.of(
            feature("recency_days", "at"),
            new Feature(
                "short_lived",
                "NUMERIC",
                "",
                "sql",
                List.of("events.at"),
                List.of(new SourceColumn("file shop.csv", "at")),
                null,
                "sales",
                null,
                14),
            feature("of_email", "email"),
            feature("of_age", "age")),
        null,
        List.of(),
        timeToLiveDays,
        eventTime,
        knownTime,
        "0".repeat(64),
        "1".repeat(64),
        REF,
        REF);
  }

  private static Feature feature(String name, String column) {
    return new Feature(
        name,
        "NUMERIC",
        name,
        "sql",
        List.of("events." + column),
        List.of(new SourceColumn("file shop.csv", column)),
        null);
  }
}
