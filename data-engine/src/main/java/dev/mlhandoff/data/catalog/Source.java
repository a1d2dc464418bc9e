package dev.mlhandoff.data.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where rows come from: exactly one of {@code table}, {@code s3Prefix} and {@code file}.
 *
 * @param table a PostgreSQL table of the source database
 * @param s3Prefix key prefix of Parquet files in the source bucket
 * @param file CSV, Parquet or blank-separated file, relative to the catalog
 * @param columns column names of a file separated by blanks
 * @param dateFormat strptime format of the event time, if it is not ISO
 * @param encoding of a CSV file: utf-8, utf-16 or latin-1; null for utf-8
 * @param decimalSeparator of the numbers in a CSV file, "." or ","; null for "."
 */
public record Source(
    @Nullable String table,
    @Nullable String s3Prefix,
    @Nullable String file,
    @Nullable List<String> columns,
    @Nullable String dateFormat,
    @Nullable String encoding,
    @Nullable String decimalSeparator) {

  private static final List<String> ENCODINGS = List.of("utf-8", "utf-16", "latin-1");
  private static final List<String> SEPARATORS = List.of(".", ",");

  public Source {
    if (encoding != null && !ENCODINGS.contains(encoding)) {
      throw new IllegalArgumentException("encoding is one of " + String.join(", ", ENCODINGS));
    }
    if (decimalSeparator != null && !SEPARATORS.contains(decimalSeparator)) {
      throw new IllegalArgumentException("decimalSeparator is \".\" or \",\"");
    }
    boolean csv = file != null && columns == null && !file.endsWith(".parquet");
    if (!csv && (encoding != null || decimalSeparator != null)) {
      throw new IllegalArgumentException("encoding and decimalSeparator are those of a CSV file");
    }
    int given = (table == null ? 0 : 1) + (s3Prefix == null ? 0 : 1) + (file == null ? 0 : 1);
    if (given != 1) {
      throw new IllegalArgumentException("a source names exactly one of table, s3Prefix, file");
    }
  }

  /** In words, without any address or secret. */
  public String description() {
    if (table != null) {
      return "PostgreSQL table " + table;
    }
    return s3Prefix != null ? "Parquet in S3 under " + s3Prefix : "file " + file;
  }
}
