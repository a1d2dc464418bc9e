package dev.mlhandoff.mos.retrain;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.mos.monitoring.PredictionRecord;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a retrain, in the layout of the data stages: the original training part and the
 * labelled predictions, of which those predicted last, one an entity, are the hold-out. No entity
 * stands in the hold-out and in training, or in two folds. An entity is the first 16 hexadecimal
 * digits of the SHA-256 of its key, as the prediction log names it. The original hold-out stays
 * out. Equal input gives equal bytes.
 */
public final class RetrainDataset {

  private static final Set<String> BOOKKEEPING = Set.of("entity_key", "label", "holdout", "fold");

  /** A column that was logged less often would tell old rows from new ones. */
  private static final double LOGGED = 0.99;

  private static final String ENTITY = "substr(sha256(entity_key), 1, 16)";

  private final DuckDb database;
  private final FeedbackPolicy policy;
  private final long seed;
  private final int folds;
  private List<String> kept = List.of();
  private List<String> leftOut = List.of();

  /**
   * @param seed puts entities that are new into folds
   * @param folds how many the original training part has
   */
  public RetrainDataset(DuckDb database, FeedbackPolicy policy, long seed, int folds) {
    this.database = database;
    this.policy = policy;
    this.seed = seed;
    this.folds = folds;
  }

  /** Gives the labelled predictions page by page, the newest first. */
  @FunctionalInterface
  public interface Pages {
    /** Another page; empty at the end. */
    List<PredictionRecord> next();
  }

  /**
   * Makes the tables {@code features}, {@code dataset}, {@code holdout_labels}, {@code
   * feedback_rows} and, if there are attributes, {@code audit_attributes}.
   *
   * @param features Parquet of the original candidate features
   * @param dataset Parquet of the original cleaned dataset
   * @param attributes Parquet of the original protected attributes, if there are any
   * @param served features that the version in production reads; they always stay candidates
   * @param parentSince when the parent version came into production
   * @throws NotEnoughLabelsException if the outcomes known so far do not suffice
   */
  public RetrainFigures assemble(
      Path features,
      Path dataset,
      @Nullable Path attributes,
      Pages predictions,
      Set<String> served,
      Instant parentSince)
      throws SQLException, NotEnoughLabelsException {
    load("original_features", features);
    load("original_dataset", dataset);
    List<ColumnInfo> candidates =
        database.columns("original_features").stream()
            .filter(column -> !BOOKKEEPING.contains(column.name()))
            .toList();
    long repeated;
    long unknown;
    try (Feedback feedback = new Feedback(database, candidates)) {
      int rows = 0;
      for (List<PredictionRecord> page = predictions.next();
          !page.isEmpty();
          page = predictions.next()) {
        for (PredictionRecord prediction : page) {
          feedback.add(prediction);
          rows++;
        }
      }
      choose(candidates, feedback, served, rows);
      repeated = feedback.repeated();
      unknown = feedback.unknownEntities();
    }
    place();
    build(attributes);
    return new RetrainFigures(
        database.number("SELECT count(*) FROM original_rows"),
        database.number("SELECT count(*) FROM original_features WHERE NOT holdout")
            - database.number("SELECT count(*) FROM original_rows"),
        database.number("SELECT count(*) FROM placed WHERE NOT holdout"),
        database.number("SELECT count(*) FROM feedback")
            - database.number("SELECT count(*) FROM placed"),
        database.number("SELECT count(*) FROM placed WHERE holdout"),
        repeated,
        unknown,
        database.number(
            "SELECT count(*) FROM placed WHERE predicted_at > TIMESTAMP "
                + DuckDb.text(parentSince.toString().replace("Z", "").replace('T', ' '))));
  }

  /** Candidates that were not logged with the predictions, and so are none of this run. */
  public List<String> leftOut() {
    return leftOut;
  }

  /** Names of the candidate features, in the order of the columns. */
  public List<String> candidates() {
    return kept;
  }

  private void load(String table, Path file) throws SQLException {
    database.execute(
        "CREATE TABLE %s AS SELECT * FROM read_parquet(%s)"
            .formatted(table, DuckDb.text(file.toString())));
  }

  private void choose(
      List<ColumnInfo> candidates, Feedback feedback, Set<String> served, int rows) {
    List<String> chosen = new ArrayList<>();
    List<String> others = new ArrayList<>();
    long counted = rows - feedback.repeated();
    for (ColumnInfo candidate : candidates) {
      boolean logged = feedback.given(candidate.name()) >= LOGGED * counted;
      (logged || served.contains(candidate.name()) ? chosen : others).add(candidate.name());
    }
    kept = List.copyOf(chosen);
    leftOut = List.copyOf(others);
  }

  /** Decides which entities are held out, and the fold of every other row. */
  private void place() throws SQLException, NotEnoughLabelsException {
    database.execute(
        "CREATE TABLE latest AS SELECT prediction_id, entity, label, row_number() OVER (ORDER BY"
            + " predicted_at DESC, prediction_id) AS recency FROM (SELECT *, row_number() OVER"
            + " (PARTITION BY entity ORDER BY predicted_at DESC, prediction_id) AS nth FROM"
            + " feedback) WHERE nth = 1");
    long size = policy.holdout(database.count("latest"));
    database.execute("CREATE TABLE held AS SELECT * FROM latest WHERE recency <= " + size);
    long positives = database.number("SELECT sum(label) FROM held");
    if (Math.min(positives, size - positives) < policy.minimumRarerClass()) {
      throw new NotEnoughLabelsException(
          "of %d hold-out rows %d have the outcome; each of the two needs %d"
              .formatted(size, positives, policy.minimumRarerClass()));
    }
    database.execute(
        ("CREATE TABLE original_rows AS SELECT *, %s AS entity FROM original_features WHERE NOT"
                + " holdout AND %s NOT IN (SELECT entity FROM held)")
            .formatted(ENTITY, ENTITY));
    database.execute(
        ("CREATE TABLE placed AS SELECT f.*, %s AS entity_key, h.prediction_id IS NOT NULL AS"
                + " holdout, CASE WHEN h.prediction_id IS NULL THEN coalesce(o.fold,"
                + " CAST(md5_number_lower('%d|' || f.entity) %% %d AS INTEGER)) END AS fold FROM"
                + " feedback f LEFT JOIN held h USING (prediction_id) LEFT JOIN (SELECT entity,"
                + " min(fold) AS fold FROM original_rows GROUP BY entity) o ON o.entity ="
                + " f.entity WHERE h.prediction_id IS NOT NULL OR f.entity NOT IN (SELECT entity"
                + " FROM held)")
            .formatted("'prediction/' || f.prediction_id", seed, folds));
    List<String> broken =
        database.texts(
            "SELECT CAST(fold AS VARCHAR) FROM (SELECT fold, label FROM original_rows UNION ALL"
                + " SELECT fold, label FROM placed WHERE NOT holdout) GROUP BY fold HAVING"
                + " min(label) = max(label) ORDER BY 1");
    long filled =
        database.number(
            "SELECT count(DISTINCT fold) FROM (SELECT fold FROM original_rows UNION ALL SELECT fold"
                + " FROM placed WHERE NOT holdout)");
    if (!broken.isEmpty() || filled < folds) {
      throw new NotEnoughLabelsException(
          "without the entities of the hold-out the folds " + broken + " lack one of the outcomes");
    }
  }

  private void build(@Nullable Path attributes) throws SQLException {
    String columns =
        kept.stream().map(name -> ", " + DuckDb.name(name)).collect(Collectors.joining());
    database.execute(
        "CREATE TABLE features AS SELECT * FROM (SELECT entity_key, CAST(label AS INTEGER) AS label,"
            + " false AS holdout, CAST(fold AS INTEGER) AS fold"
            + columns
            + " FROM original_rows UNION ALL SELECT entity_key, CASE WHEN NOT holdout THEN label"
            + " END, holdout, fold"
            + columns
            + " FROM placed) ORDER BY entity_key");
    database.execute(
        "CREATE TABLE dataset AS SELECT f.entity_key, d.* EXCLUDE (entity_key, label, holdout,"
            + " fold), f.label, f.holdout, f.fold FROM features f LEFT JOIN original_dataset d"
            + " USING (entity_key) ORDER BY f.entity_key");
    database.execute(
        "CREATE TABLE holdout_labels AS SELECT entity_key, label FROM placed WHERE holdout ORDER BY"
            + " entity_key");
    database.execute(
        "CREATE TABLE feedback_rows AS SELECT entity_key, prediction_id, entity AS entity_key_hash,"
            + " version, holdout, predicted_at, outcome_at FROM placed ORDER BY entity_key");
    if (attributes != null) {
      load("original_attributes", attributes);
      database.execute(
          "CREATE TABLE audit_attributes AS SELECT k.entity_key, a.* EXCLUDE (entity_key) FROM"
              + " (SELECT entity_key, entity FROM original_rows UNION ALL SELECT entity_key, entity"
              + " FROM placed) k LEFT JOIN (SELECT *, "
              + ENTITY
              + " AS entity FROM original_attributes) a USING (entity) ORDER BY k.entity_key");
      database.execute("ALTER TABLE audit_attributes DROP COLUMN IF EXISTS entity");
    }
  }
}
