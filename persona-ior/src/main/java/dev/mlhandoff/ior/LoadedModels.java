package dev.mlhandoff.ior;

import dev.mlhandoff.ior.serving.DeviationPolicy;
import dev.mlhandoff.ior.serving.RecordValidator;
import dev.mlhandoff.ior.serving.ServingModel;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.ml.bundle.BundleException;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Versions held in memory; only bundles whose digest and golden rows hold are loaded. */
final class LoadedModels {

  private final ArtifactStore artifacts;
  private final DeviationPolicy policy;
  private final Map<String, ServingModel> models = new ConcurrentHashMap<>();

  LoadedModels(ArtifactStore artifacts, DeviationPolicy policy) {
    this.artifacts = artifacts;
    this.policy = policy;
  }

  /**
   * Loads a version, unless it is loaded already.
   *
   * @param onlineDigest names the rows of the online feature table that it reads
   */
  ServingModel load(String modelId, String version, ArtifactRef bundle, String onlineDigest)
      throws IOException, RejectionException, BundleException {
    ServingModel loaded = models.get(key(modelId, version));
    if (loaded != null) {
      return loaded;
    }
    ServingModel model = read(modelId, version, bundle, onlineDigest);
    models.put(key(modelId, version), model);
    return model;
  }

  /** Reads and verifies a version that is not kept. */
  ServingModel read(String modelId, String version, ArtifactRef bundle, String onlineDigest)
      throws IOException, RejectionException, BundleException {
    Path file = Files.createTempFile("bundle", ".zip");
    try {
      artifacts.fetch(bundle, file);
      ModelBundle read = ModelBundle.read(file);
      return new ServingModel(
          modelId, version, read, onlineDigest, RecordValidator.of(read, policy));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  Optional<ServingModel> find(String modelId, String version) {
    return Optional.ofNullable(models.get(key(modelId, version)));
  }

  /** Forgets a version that no route names any more. */
  void forget(String modelId, String version) {
    models.remove(key(modelId, version));
  }

  private static String key(String modelId, String version) {
    return modelId + "/" + version;
  }
}
