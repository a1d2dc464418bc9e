package dev.mlhandoff.por;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.por.pipeline.DataRejectedException;
import dev.mlhandoff.por.pipeline.SourceLoader;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of values separated by some character, with one line of headings. Lines that do not
 * have the columns of the others are kept apart by the engine.
 *
 * @param encoding as the engine names it; null for utf-8
 * @param decimalSeparator null for a point
 */
record CsvFile(
    Path path, String description, @Nullable String encoding, @Nullable String decimalSeparator) {

  private static final String MISSING = "['', ' ', 'NA', 'N/A', 'null', 'NULL', '?']";

  /** With more of them, what is left is no longer the file. */
  private static final double MOST_UNREADABLE = 0.1;

  private static final String OTHER_ENCODING = "; a source's encoding can be declared";

  /** One that this service wrote itself. */
  CsvFile(Path path, String description) {
    this(path, description, null, null);
  }

  /** Makes both tables of {@link SourceLoader}. */
  void load(DuckDb database, String table) throws IOException, SQLException, DataRejectedException {
    requireHeadings();
    try {
      database.execute("CREATE TABLE " + DuckDb.name(table) + " AS " + query(table));
    } catch (SQLException e) {
      // The engine's message quotes the row.
      boolean unfit = String.valueOf(e.getMessage()).contains("Error when sniffing");
      throw corrupt(
          "the %s cannot be read%s"
              .formatted(description, unfit ? ": no separator and no quotes fit its lines" : ""));
    }
    // Of a line with several problems the one that explains the others is told.
    database.execute(
        "CREATE TABLE %s AS SELECT line, lower(coalesce(min(error_type) FILTER (error_type <> 'CAST'), 'CAST')) AS problem FROM %s GROUP BY line ORDER BY line"
            .formatted(DuckDb.name(table + SourceLoader.UNREADABLE), DuckDb.name(rejects(table))));
    requireMostRows(database, table);
  }

  private String query(String table) {
    return "SELECT * FROM read_csv(%s, header = true, sample_size = -1, nullstr = %s, rejects_table = %s, rejects_scan = %s%s%s)"
        .formatted(
            DuckDb.text(path.toString()),
            MISSING,
            DuckDb.text(rejects(table)),
            DuckDb.text(table + "_scan"),
            encoding == null ? "" : ", encoding = " + DuckDb.text(encoding),
            decimalSeparator == null
                ? ""
                : ", decimal_separator = " + DuckDb.text(decimalSeparator));
  }

  /** The engine passes over headings that it cannot decode, and takes the first row for them. */
  private void requireHeadings() throws IOException, DataRejectedException {
    boolean compressed = path.toString().endsWith(".gz") || path.toString().endsWith(".zst");
    if (compressed || (encoding != null && !encoding.equals("utf-8"))) {
      return;
    }
    ByteArrayOutputStream headings = new ByteArrayOutputStream();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
        headings.write(next);
      }
    }
    try {
      CharBuffer unused = UTF_8.newDecoder().decode(ByteBuffer.wrap(headings.toByteArray()));
    } catch (CharacterCodingException e) {
      throw corrupt(
          "the headings of the %s cannot be read: invalid encoding%s"
              .formatted(description, OTHER_ENCODING));
    }
  }

  private void requireMostRows(DuckDb database, String table)
      throws SQLException, DataRejectedException {
    String unreadable = table + SourceLoader.UNREADABLE;
    long lost = database.count(unreadable);
    long rows = lost + database.count(table);
    if (lost > MOST_UNREADABLE * rows) {
      String first =
          database
              .texts(
                  "SELECT line || ': ' || problem FROM %s ORDER BY line LIMIT 1"
                      .formatted(DuckDb.name(unreadable)))
              .get(0);
      throw corrupt(
          "%d of %d rows of the %s cannot be read; the first is on line %s%s"
              .formatted(
                  lost,
                  rows,
                  description,
                  first,
                  first.endsWith("invalid encoding") ? OTHER_ENCODING : ""));
    }
  }

  private static String rejects(String table) {
    return table + "_rejects";
  }

  private static DataRejectedException corrupt(String message) {
    return new DataRejectedException("CORRUPT_SOURCE", message, "/dataset");
  }
}
