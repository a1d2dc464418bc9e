package dev.mlhandoff.por;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Source;
import dev.mlhandoff.por.pipeline.DataRejectedException;
import dev.mlhandoff.por.pipeline.SourceLoader;
import dev.mlhandoff.runtime.TransientException;
import java.io.IOException;
import java.io.OutputStream;
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
    if (source.table() != null) {
      csv(copyTable(source.table(), table), source).load(database, table);
    } else if (source.s3Prefix() != null) {
      parquet(database, table, source, download(source.s3Prefix(), table));
    } else {
      file(database, table, source);
    }
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
      throw new TransientException("the source database does not answer", e);
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
      throw new TransientException("the object store of the sources does not answer", e);
    }
    if (files.isEmpty()) {
      throw new DataRejectedException(
          "EMPTY_DATASET", "there is no file under " + prefix, "/dataset");
    }
    return files;
  }

  private void file(DuckDb database, String table, Source source)
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
    List<String> columns = source.columns();
    if (file.toString().endsWith(".parquet")) {
      parquet(database, table, source, List.of(file));
    } else if (columns == null) {
      new CsvFile(file, source.description(), source.encoding(), source.decimalSeparator())
          .load(database, table);
    } else {
      // By way of a CSV file, so that the types are found in the same manner as everywhere.
      Path copy = work.resolve(table + ".csv");
      database.execute(
          "COPY (%s) TO %s (FORMAT CSV, HEADER)"
              .formatted(blankSeparated(file, columns), DuckDb.text(copy.toString())));
      csv(copy, source).load(database, table);
    }
  }

  private static CsvFile csv(Path copy, Source source) {
    return new CsvFile(copy, source.description());
  }

  private static void parquet(DuckDb database, String table, Source source, List<Path> files)
      throws SQLException, DataRejectedException {
    List<String> names = files.stream().map(file -> DuckDb.text(file.toString())).toList();
    try {
      database.execute(
          "CREATE TABLE %s AS SELECT * FROM read_parquet([%s], union_by_name = true)"
              .formatted(DuckDb.name(table), String.join(", ", names)));
    } catch (SQLException e) {
      throw new DataRejectedException(
          "CORRUPT_SOURCE", "the %s cannot be read".formatted(source.description()), "/dataset");
    }
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
