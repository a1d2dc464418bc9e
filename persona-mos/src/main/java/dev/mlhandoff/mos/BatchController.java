package dev.mlhandoff.mos;

import dev.mlhandoff.messages.BatchManifest;
import dev.mlhandoff.messages.BatchOrder;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.access.Caller;
import dev.mlhandoff.runtime.access.RequiresRole;
import dev.mlhandoff.runtime.access.Role;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The batches of a model, and the way to order one by hand. */
@RestController
class BatchController {

  private static final int NEWEST = 30;

  private final BatchOrders orders;
  private final Deployments deployments;
  private final ArtifactStore artifacts;

  BatchController(BatchOrders orders, Deployments deployments, ArtifactStore artifacts) {
    this.orders = orders;
    this.deployments = deployments;
    this.artifacts = artifacts;
  }

  /** Who wants it. */
  record BatchRequest(@Nullable String by) {}

  /** A complete batch; the manifest names its files. */
  record Entry(
      String version,
      LocalDate date,
      long rows,
      long stale,
      long refused,
      String predictionsDigest,
      String manifest) {}

  /** The newest complete ones, the latest first. */
  @GetMapping("/models/{model}/batches")
  List<Entry> batches(@PathVariable String model) throws IOException {
    checkKnown(model);
    List<String> manifests =
        artifacts.list(BatchOrder.folder(model)).stream()
            .filter(key -> key.endsWith("/" + BatchManifest.FILE))
            .sorted(Comparator.comparing(BatchController::date).reversed())
            .limit(NEWEST)
            .toList();
    List<Entry> entries = new ArrayList<>();
    for (String key : manifests) {
      BatchManifest batch = Json.read(artifacts.find(key).orElseThrow(), BatchManifest.class);
      entries.add(
          new Entry(
              batch.version(),
              batch.date(),
              batch.rows(),
              batch.stale(),
              batch.refused(),
              batch.predictionsDigest(),
              artifacts.uri(key)));
    }
    return entries;
  }

  @PostMapping("/models/{model}/batches")
  @RequiresRole(Role.REQUESTER)
  BatchOrder order(
      @PathVariable String model,
      @RequestBody BatchRequest request,
      @RequestAttribute(name = Caller.ATTRIBUTE, required = false) @Nullable Caller caller) {
    checkKnown(model);
    return orders
        .order(model, Caller.name(caller, request.by()))
        .orElseThrow(
            () ->
                Refusal.of(
                    HttpStatus.CONFLICT,
                    "NOTHING_IN_PRODUCTION",
                    "no version of " + model + " is in production"));
  }

  private void checkKnown(String model) {
    if (deployments.of(model).isEmpty()) {
      throw Refusal.of(HttpStatus.NOT_FOUND, "UNKNOWN_MODEL", "no model " + model);
    }
  }

  /** The folder that the manifest is in. */
  private static String date(String key) {
    String[] parts = key.split("/", -1);
    return parts[parts.length - 2];
  }
}
