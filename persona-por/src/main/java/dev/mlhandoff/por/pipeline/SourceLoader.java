package dev.mlhandoff.por.pipeline;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Source;
import java.io.IOException;
import java.sql.SQLException;

/** Loads a source into a table, as it is. */
@FunctionalInterface
public interface SourceLoader {

  /** Ends the name of the table that says which rows could not be read. */
  String UNREADABLE = "_unreadable";

  /**
   * Makes the table of the rows, and if some could not be read, another one under the same name
   * with {@link #UNREADABLE}: columns {@code line} and {@code problem}, without their content,
   * which may be personal.
   *
   * @throws IOException if a file cannot be read or written; may work later
   * @throws DataRejectedException if the source is there but cannot be read
   */
  void load(DuckDb database, String table, Source source)
      throws IOException, SQLException, DataRejectedException;

  /** Loads a source; both tables are there afterwards. */
  default void loadBoth(DuckDb database, String table, Source source)
      throws IOException, SQLException, DataRejectedException {
    load(database, table, source);
    database.execute(
        "CREATE TABLE IF NOT EXISTS %s (line BIGINT, problem VARCHAR)"
            .formatted(DuckDb.name(table + UNREADABLE)));
  }
}
