package dev.mlhandoff.por;

import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.DatasetCatalog;
import dev.mlhandoff.data.catalog.EntityMapping;
import dev.mlhandoff.data.store.Validity;
import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.FeatureView.Feature;
import dev.mlhandoff.messages.FederatedFeatures;
import dev.mlhandoff.messages.FederatedImport;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.VersionOrder;
import dev.mlhandoff.runtime.RejectionException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which features of other projects a request may read: the view exists, the catalog grants it and
 * says how the entities are found, no personal data is behind it, and it was known in time.
 */
final class FederationRules {

  private static final EntityMapping EQUAL_KEYS =
      new EntityMapping("the same dataset", null, "", "", null, null);

  private final DatasetCatalog catalog;
  private final Supplier<Collection<FeatureView>> views;

  /**
   * @param views every registered version
   */
  FederationRules(DatasetCatalog catalog, Supplier<Collection<FeatureView>> views) {
    this.catalog = catalog;
    this.views = views;
  }

  /** A grant, with the declared way between the entities. */
  record Granted(FederatedImport federated, EntityMapping mapping) {}

  /**
   * What the request may import, in its order.
   *
   * @param now the moment for which values are looked up where the dataset has no as-of date
   * @throws RejectionException for the first one that it may not, or that does not exist
   */
  List<Granted> resolve(ProjectRequest request, Dataset dataset, Instant now)
      throws RejectionException {
    List<FederatedFeatures> wanted = request.effectiveFederatedFeatures();
    if (wanted.isEmpty()) {
      return List.of();
    }
    Collection<FeatureView> registered = views.get();
    Set<String> names = new HashSet<>();
    List<Granted> granted = new ArrayList<>();
    for (FederatedFeatures one : wanted) {
      String pointer = "/federatedFeatures/" + granted.size();
      List<FeatureView> versions = versions(one, registered, pointer);
      EntityMapping mapping = mapping(request.dataset(), dataset, one, versions.get(0), pointer);
      FeatureView view = usable(one, versions, moment(dataset, now), pointer);
      List<FederatedImport.Column> columns = new ArrayList<>();
      for (int i = 0; i < one.features().size(); i++) {
        String place = pointer + "/features/" + i;
        Feature feature = feature(view, one.features().get(i), place);
        rejectStale(view, feature, moment(dataset, now), place);
        rejectPersonalData(view, feature, place);
        String name = one.as() + "_" + feature.name();
        if (!names.add(name.toLowerCase(Locale.ROOT))) {
          throw new RejectionException(
              "FEATURE_NAME_TAKEN", "two imported features become " + name, pointer + "/as");
        }
        columns.add(new FederatedImport.Column(name, feature.name()));
      }
      granted.add(
          new Granted(
              new FederatedImport(
                  view,
                  columns,
                  mapping.keys() == null ? null : "federated-keys-" + granted.size(),
                  mapping.threshold(),
                  endOfHistory(dataset)),
              mapping));
    }
    return granted;
  }

  /** The versions that fit, the newest first. */
  private static List<FeatureView> versions(
      FederatedFeatures one, Collection<FeatureView> registered, String pointer)
      throws RejectionException {
    List<FeatureView> versions =
        registered.stream()
            .filter(view -> view.project().equals(one.project()) && view.name().equals(one.view()))
            .filter(view -> one.version() == null || view.version().equals(one.version()))
            .sorted(Comparator.comparing(FeatureView::version, VersionOrder::compare).reversed())
            .toList();
    if (versions.isEmpty()) {
      throw new RejectionException(
          "UNKNOWN_FEATURE_VIEW",
          "there is no feature view %s/%s%s"
              .formatted(
                  one.project(), one.view(), one.version() == null ? "" : "/" + one.version()),
          pointer + (one.version() == null ? "/view" : "/version"));
    }
    return versions;
  }

  /** Projects of the same dataset read its views without a grant, by equal keys. */
  private EntityMapping mapping(
      String name, Dataset dataset, FederatedFeatures one, FeatureView view, String pointer)
      throws RejectionException {
    if (view.dataset().equals(name)) {
      return EQUAL_KEYS;
    }
    boolean allowed =
        catalog.find(view.dataset()).stream()
            .flatMap(owner -> owner.grants().stream())
            .anyMatch(grant -> grant.allows(name, one.project(), one.view()));
    if (!allowed) {
      throw new RejectionException(
          "FEATURE_VIEW_FORBIDDEN",
          "the catalog does not grant %s/%s to projects of the dataset %s"
              .formatted(one.project(), one.view(), name),
          pointer + "/view");
    }
    return dataset.entityMappings().stream()
        .filter(mapping -> mapping.from().equals(view.dataset()))
        .findFirst()
        .orElseThrow(
            () ->
                new RejectionException(
                    "NO_ENTITY_MAPPING",
                    "the catalog does not say how entities of %s are found among those of %s"
                        .formatted(name, view.dataset()),
                    pointer + "/project"));
  }

  /** The newest version whose values were known at the moment, unless they are too old. */
  private static FeatureView usable(
      FederatedFeatures one, List<FeatureView> versions, Instant moment, String pointer)
      throws RejectionException {
    for (FeatureView view : versions) {
      Validity validity = new Validity(view.eventTime(), view.knownTime(), view.timeToLive());
      if (!validity.isKnown(moment)) {
        continue;
      }
      if (validity.isExpired(moment)) {
        throw new RejectionException(
            "FEATURE_VIEW_STALE",
            "%s describes %s and counts for %d days, which were over at %s"
                .formatted(view.key(), view.eventTime(), view.timeToLiveDays(), moment),
            pointer + "/view");
      }
      return view;
    }
    throw new RejectionException(
        "FEATURE_VIEW_NOT_KNOWN",
        "no version of %s/%s was known at %s".formatted(one.project(), one.view(), moment),
        pointer + "/view");
  }

  private static Feature feature(FeatureView view, String name, String pointer)
      throws RejectionException {
    return view.feature(name)
        .orElseThrow(
            () ->
                new RejectionException(
                    "UNKNOWN_FEATURE", view.key() + " has no feature " + name, pointer));
  }

  /** A feature may have a time to live of its own, shorter than its view's. */
  private static void rejectStale(FeatureView view, Feature feature, Instant moment, String pointer)
      throws RejectionException {
    if (new Validity(view.eventTime(), view.knownTime(), feature.timeToLive()).isExpired(moment)) {
      throw new RejectionException(
          "FEATURE_VIEW_STALE",
          "%s of %s describes %s and counts for %d days, which were over at %s"
              .formatted(
                  feature.name(), view.key(), view.eventTime(), feature.timeToLiveDays(), moment),
          pointer);
    }
  }

  /** The catalog of today counts, not that of the day when the view was made. */
  private void rejectPersonalData(FeatureView view, Feature feature, String pointer)
      throws RejectionException {
    Dataset owner = catalog.find(view.dataset()).orElse(null);
    List<String> sensitive =
        owner == null
            ? List.of()
            : Stream.concat(owner.pii().stream(), owner.protectedColumns().stream()).toList();
    List<String> found =
        Stream.concat(
                feature.sources().stream().map(FeatureView.SourceColumn::column),
                feature.columns().stream().map(c -> c.substring(c.indexOf('.') + 1)))
            .filter(sensitive::contains)
            .distinct()
            .toList();
    if (owner == null || !found.isEmpty()) {
      throw new RejectionException(
          "FEATURE_VIEW_PERSONAL_DATA",
          owner == null
              ? "the catalog has no dataset %s, so nobody says what in %s is personal"
                  .formatted(view.dataset(), view.key())
              : "%s of %s is computed from personal or protected columns: %s"
                  .formatted(feature.name(), view.key(), String.join(", ", found)),
          pointer);
    }
  }

  private static Instant moment(Dataset dataset, Instant now) {
    return Objects.requireNonNullElse(endOfHistory(dataset), now);
  }

  private static @Nullable Instant endOfHistory(Dataset dataset) {
    return dataset.asOf() == null
        ? null
        : dataset.asOf().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
