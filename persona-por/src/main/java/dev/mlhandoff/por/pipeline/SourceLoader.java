package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Source;
import java.io.IOException;
import java.sql.SQLException;

/** Loads a source into a table, as it is. */
@FunctionalInterface
public interface SourceLoader {

  /**
   * @throws IOException if the source does not answer; may work later
   * @throws DataRejectedException if the source is there but cannot be read
   */
  void load(DuckDb database, String table, Source source)
      throws IOException, SQLException, DataRejectedException;
}
