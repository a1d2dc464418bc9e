package dev.mlhandoff.tracking;

import dev.mlhandoff.tracking.journal.JournalEntry;
import java.io.IOException;
import java.nio.file.Path;

/** Gives a replay the files that a journal names. */
public interface ArtifactFiles {

  /** A local copy whose digest has been checked; the caller deletes it. */
  Path fetch(JournalEntry.Artifact artifact) throws IOException;

  /** Where the file lies, for a server that cannot be given it. */
  String address(JournalEntry.Artifact artifact);
}
