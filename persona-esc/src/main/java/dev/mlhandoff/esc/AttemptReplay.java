package dev.mlhandoff.esc;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.tracking.ArtifactFiles;
import dev.mlhandoff.tracking.Replay;
import dev.mlhandoff.tracking.ReplayResult;
import dev.mlhandoff.tracking.TrackedAttempt;
import dev.mlhandoff.tracking.journal.Journal;
import dev.mlhandoff.tracking.journal.JournalEntry;
import dev.mlhandoff.tracking.mlflow.MlflowException;
import dev.mlhandoff.tracking.mlflow.MlflowServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Replays what an attempt delivered into a tracking server; may be repeated at any time. */
public final class AttemptReplay {

  private final ArtifactStore store;
  private final Replay replay;

  public AttemptReplay(ArtifactStore store, MlflowServer server) {
    this.store = store;
    this.replay = new Replay(server);
  }

  /** Whether an attempt left a journal behind. */
  public static boolean hasJournal(Deliverable deliverable) {
    return deliverable.artifacts().containsKey(TrackingJournal.ROLE)
        && deliverable.artifacts().containsKey(TrackingJournal.METADATA_ROLE);
  }

  /**
   * Brings the server to where the attempt's journal is.
   *
   * @throws MlflowException if the server is not there or refuses
   * @throws RejectionException if an artifact is gone or was changed
   */
  public ReplayResult replay(Deliverable deliverable)
      throws MlflowException, IOException, RejectionException {
    Journal journal = Journal.read(store.read(deliverable.artifact(TrackingJournal.ROLE)));
    TrackedAttempt attempt =
        TrackedAttempt.ofMetadata(store.read(deliverable.artifact(TrackingJournal.METADATA_ROLE)));
    return replay.replay(attempt, journal, new Stored(deliverable));
  }

  private final class Stored implements ArtifactFiles {

    private final Deliverable deliverable;

    Stored(Deliverable deliverable) {
      this.deliverable = deliverable;
    }

    @Override
    public Path fetch(JournalEntry.Artifact artifact) throws IOException {
      ArtifactRef ref = deliverable.artifact(artifact.role());
      if (!ref.sha256().equals(artifact.sha256())) {
        throw new IOException("the journal names another " + artifact.role());
      }
      Path copy = Files.createTempFile("tracked", ".tmp");
      try {
        store.fetch(ref, copy);
        return copy;
      } catch (RejectionException e) {
        Files.deleteIfExists(copy);
        throw new IOException(e.reason(), e);
      } catch (IOException e) {
        Files.deleteIfExists(copy);
        throw e;
      }
    }

    @Override
    public String address(JournalEntry.Artifact artifact) {
      return deliverable.artifact(artifact.role()).uri();
    }
  }
}
