package dev.mlhandoff.gate;

import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.ml.bundle.BundleException;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.StageContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads artifacts of earlier stages; whatever is wrong with them is a mismatch of the evidence. */
final class ArtifactReader {

  private final StageHandoff handoff;
  private final Source source;

  ArtifactReader(StageHandoff handoff, Source source) {
    this.handoff = handoff;
    this.source = source;
  }

  ArtifactReader(StageHandoff handoff, StageContext context) {
    this(handoff, context::fetch);
  }

  /** Gives local copies of artifacts whose digests have been checked. */
  @FunctionalInterface
  interface Source {
    Path fetch(ArtifactRef ref) throws IOException, RejectionException;
  }

  /** The reference of an artifact, by the stage that delivered it and its role there. */
  ArtifactRef ref(String stage, String role) throws EvidenceMismatchException {
    try {
      return handoff.deliverable(stage).artifact(role);
    } catch (IllegalArgumentException e) {
      throw new EvidenceMismatchException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A local copy whose digest has been checked. */
  Path file(ArtifactRef ref) throws IOException, EvidenceMismatchException {
    try {
      return source.fetch(ref);
    } catch (RejectionException e) {
      throw new EvidenceMismatchException(e.code() + ": " + e.reason(), e);
    }
  }

  JsonNode json(String stage, String role) throws IOException, EvidenceMismatchException {
    try {
      return Json.tree(Files.readAllBytes(file(ref(stage, role))));
    } catch (JacksonException e) {
      throw new EvidenceMismatchException("artifact " + role + " is not JSON", e);
    }
  }

  ParquetTable table(String stage, String role) throws IOException, EvidenceMismatchException {
    Path file = file(ref(stage, role));
    try {
      return ParquetTable.read(file);
    } catch (SQLException e) {
      throw new EvidenceMismatchException("artifact " + role + " is not Parquet", e);
    }
  }

  /** The model, after it has scored its golden rows as training did. */
  ModelBundle bundle(String stage, String role) throws IOException, EvidenceMismatchException {
    return bundle(ref(stage, role));
  }

  /** The same for a model of another run. */
  ModelBundle bundle(ArtifactRef ref) throws IOException, EvidenceMismatchException {
    Path file = file(ref);
    try {
      return ModelBundle.read(file);
    } catch (BundleException e) {
      throw new EvidenceMismatchException(String.valueOf(e.getMessage()), e);
    }
  }
}
