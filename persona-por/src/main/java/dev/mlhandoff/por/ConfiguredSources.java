package dev.mlhandoff.por;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Source;
import dev.mlhandoff.por.pipeline.DataRejectedException;
import dev.mlhandoff.por.pipeline.SourceLoader;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Reads PostgreSQL tables, Parquet in S3 and files with the operator's connections. */
final class ConfiguredSources implements SourceLoader {

  private static final String MISSING = "['', ' ', 'NA', 'N/A', 'null', 'NULL', '?']";

  /** With more of them, what is left is no longer the file. */
  private static final double MOST_UNREADABLE = 0.1;

  private static final String OTHER_ENCODING = "; a source's encoding can be declared";

  private final PorProperties properties;
  private final S3Client s3;
  private final Path folder;
  private final Path work;

  /**
   * @param folder where files of the catalog lie
   * @param work empty folder for what is copied
   */
  ConfiguredSources(PorProperties properties, S3Client s3, Path folder, Path work) {
    this.properties = properties;
    this.s3 = s3;
    this.folder = folder;
    this.work = work;
  }

  @Override
  public void load(DuckDb database, String table, Source source)
      throws IOException, SQLException, DataRejectedException {
    String query;
    if (source.table() != null) {
      query = csv(copyTable(source.table(), table), table, source);
    } else if (source.s3Prefix() != null) {
      query = parquet(download(source.s3Prefix(), table));
    } else {
      query = file(database, table, source);
    }
    try {
      database.execute("CREATE TABLE " + DuckDb.name(table) + " AS " + query);
    } catch (SQLException e) {
      throw corrupt("the %s cannot be read%s".formatted(source.description(), reason(e)));
    }
    putUnreadableAside(database, table, source, query.contains(rejects(table)));
  }

  /** Only what says nothing of the content: the engine's message quotes the row. */
  private static String reason(SQLException failure) {
    return String.valueOf(failure.getMessage()).contains("Error when sniffing")
        ? ": no separator and no quotes fit its lines"
        : "";
  }

  /** Of a line with several problems the one that explains the others is told. */
  private static void putUnreadableAside(
      DuckDb database, String table, Source source, boolean separated)
      throws SQLException, DataRejectedException {
    String unreadable = table + UNREADABLE;
    database.execute(
        "CREATE TABLE "
            + DuckDb.name(unreadable)
            + (separated
                ? " AS SELECT line, lower(coalesce(min(error_type) FILTER (error_type <> 'CAST'), 'CAST')) AS problem FROM "
                    + DuckDb.name(rejects(table))
                    + " GROUP BY line ORDER BY line"
                : " (line BIGINT, problem VARCHAR)"));
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
                  source.description(),
                  first,
                  first.endsWith("invalid encoding") ? OTHER_ENCODING : ""));
    }
  }

  private static DataRejectedException corrupt(String message) {
    return new DataRejectedException("CORRUPT_SOURCE", message, "/dataset");
  }

  private Path copyTable(String sourceTable, String table)
      throws IOException, SQLException, DataRejectedException {
    Path copy = work.resolve(table + ".csv");
    PorProperties.SourceDatabase source = properties.source();
    try (Connection connection =
            DriverManager.getConnection(source.url(), source.user(), source.password());
        OutputStream out = Files.newOutputStream(copy)) {
      long unused =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut(
                  "COPY (SELECT * FROM "
                      + DuckDb.name(sourceTable)
                      + ") TO STDOUT (FORMAT CSV, HEADER)",
                  out);
    } catch (SQLException e) {
      if ("42P01".equals(e.getSQLState())) {
        throw new DataRejectedException(
            "MISSING_TABLE", "the source has no table " + sourceTable, "/dataset");
      }
      throw new IOException("the source database does not answer", e);
    }
    return copy;
  }

  private List<Path> download(String prefix, String table)
      throws IOException, DataRejectedException {
    Path target = Files.createDirectories(work.resolve(table));
    List<Path> files = new ArrayList<>();
    try {
      for (S3Object object :
          s3.listObjectsV2Paginator(
                  list -> list.bucket(properties.source().bucket()).prefix(prefix))
              .contents()) {
        Path file = target.resolve(files.size() + ".parquet");
        s3.getObject(get -> get.bucket(properties.source().bucket()).key(object.key()), file);
        files.add(file);
      }
    } catch (SdkException e) {
      throw new IOException("the object store does not answer", e);
    }
    if (files.isEmpty()) {
      throw new DataRejectedException(
          "EMPTY_DATASET", "there is no file under " + prefix, "/dataset");
    }
    return files;
  }

  private String file(DuckDb database, String table, Source source)
      throws IOException, SQLException, DataRejectedException {
    Path file = folder.resolve(String.valueOf(source.file())).normalize();
    if (!Files.isReadable(file)) {
      throw new DataRejectedException(
          "MISSING_FILE", "the catalog's " + source.description() + " is not there", "/dataset");
    }
    if (Files.size(file) == 0) {
      throw new DataRejectedException(
          "EMPTY_DATASET", "the catalog's " + source.description() + " is empty", "/dataset");
    }
    if (file.toString().endsWith(".parquet")) {
      return parquet(List.of(file));
    }
    List<String> columns = source.columns();
    if (columns == null) {
      requireHeadings(file, source);
      return csv(file, table, source);
    }
    // By way of a CSV file, so that the types are found in the same manner as everywhere.
    Path copy = work.resolve(table + ".csv");
    database.execute(
        "COPY (%s) TO %s (FORMAT CSV, HEADER)"
            .formatted(blankSeparated(file, columns), DuckDb.text(copy.toString())));
    return csv(copy, table, source);
  }

  /** The engine passes over headings that it cannot decode, and takes the first row for them. */
  private static void requireHeadings(Path file, Source source)
      throws IOException, DataRejectedException {
    boolean compressed = file.toString().endsWith(".gz") || file.toString().endsWith(".zst");
    if (compressed || (source.encoding() != null && !source.encoding().equals("utf-8"))) {
      return;
    }
    ByteArrayOutputStream headings = new ByteArrayOutputStream();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
        headings.write(next);
      }
    }
    try {
      CharBuffer unused = UTF_8.newDecoder().decode(ByteBuffer.wrap(headings.toByteArray()));
    } catch (CharacterCodingException e) {
      throw corrupt(
          "the headings of the %s cannot be read: invalid encoding%s"
              .formatted(source.description(), OTHER_ENCODING));
    }
  }

  /** Lines that do not have the columns of the others are kept apart by the engine. */
  private static String csv(Path file, String table, Source source) {
    String encoding = source.encoding();
    String separator = source.decimalSeparator();
    return "SELECT * FROM read_csv(%s, header = true, sample_size = -1, nullstr = %s, rejects_table = %s, rejects_scan = %s%s%s)"
        .formatted(
            DuckDb.text(file.toString()),
            MISSING,
            DuckDb.text(rejects(table)),
            DuckDb.text(table + "_scan"),
            encoding == null ? "" : ", encoding = " + DuckDb.text(encoding),
            separator == null ? "" : ", decimal_separator = " + DuckDb.text(separator));
  }

  private static String rejects(String table) {
    return table + "_rejects";
  }

  private static String parquet(List<Path> files) {
    List<String> names = files.stream().map(file -> DuckDb.text(file.toString())).toList();
    return "SELECT * FROM read_parquet([%s], union_by_name = true)"
        .formatted(String.join(", ", names));
  }

  /** Columns separated by runs of blanks, after one line of headings. */
  private static String blankSeparated(Path file, List<String> columns) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      parts.add("part[%d] AS %s".formatted(i + 1, DuckDb.name(columns.get(i))));
    }
    return "SELECT "
        + String.join(", ", parts)
        + " FROM (SELECT regexp_split_to_array(trim(line, E' \\r\\n\\t'), '\\s+') AS part"
        + " FROM (SELECT unnest(string_split(content, chr(10))[2:]) AS line FROM read_text("
        + DuckDb.text(file.toString())
        + ")) WHERE trim(line, E' \\r\\n\\t') <> '')";
  }
}
