package dev.mlhandoff.cli.sample;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.ml.metrics.RocAuc;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Random;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.postgresql.PGConnection;

/**
 * Generates {@code customer_transactions_2025} for a seed, with the dirt of real data: missing
 * values, outliers, duplicates, spellings, returns, timestamps in the future, unknown customers.
 */
public final class SampleData {

  /** Features look at what happened up to the end of this day. */
  public static final LocalDate AS_OF = LocalDate.of(2025, 9, 30);

  private static final int INACTIVE_DAYS = 90;
  private static final double SECONDS_A_DAY = 86_400;
  private static final String[] REGIONS = {"north", "south", "east", "west"};
  private static final String[] CHANNELS = {"search", "social", "friend", "shop", "mail"};
  private static final String[] PLANS = {"basic", "plus", "premium"};
  private static final double[] LOYALTY = {0.8, 1.1, 1.6};
  private static final String[] CATEGORIES = {"books", "music", "games", "garden", "kitchen"};
  private static final String[] PAYMENTS = {"card", "invoice", "wallet"};

  private final int customers;
  private final Random random;
  private final StringBuilder people = new StringBuilder();
  private long transactionId;

  /**
   * @param customers how many, at least 100
   */
  public SampleData(int customers, long seed) {
    this.customers = customers;
    this.random = new Random(seed);
  }

  /**
   * What was generated.
   *
   * @param oracleAuc what the true process would score: the upper bound for any model
   */
  public record Summary(int customers, long transactions, double oracleAuc) {}

  /** Receives the monthly Parquet files. */
  @FunctionalInterface
  public interface FileSink {
    void put(String name, Path file) throws IOException;
  }

  /** Generates everything; replaces the customers table and hands over the files. */
  public Summary load(Connection target, Path work, FileSink files)
      throws SQLException, IOException {
    double[] oracle = new double[customers];
    int[] inactive = new int[customers];
    long transactions;
    try (DuckDb database = DuckDb.open(work)) {
      database.execute(
          "CREATE TABLE transactions (transaction_id VARCHAR, customer_id VARCHAR,"
              + " transaction_time TIMESTAMP, amount DOUBLE, category VARCHAR, payment_method"
              + " VARCHAR, is_return BOOLEAN)");
      try (DuckDBAppender appender =
          database
              .connection()
              .unwrap(DuckDBConnection.class)
              .createAppender("main", "transactions")) {
        for (int i = 0; i < customers; i++) {
          customer(i, appender, oracle, inactive);
        }
        strangers(appender);
      }
      database.execute(
          "INSERT INTO transactions SELECT * FROM transactions WHERE hash(transaction_id) % 200 = 0");
      transactions = database.count("transactions");
      List<String> months =
          database.texts(
              "SELECT DISTINCT strftime(transaction_time, '%Y-%m') FROM transactions ORDER BY 1");
      for (String month : months) {
        Path file = work.resolve(month + ".parquet");
        database.writeParquet(
            "SELECT * FROM transactions WHERE strftime(transaction_time, '%Y-%m') = "
                + DuckDb.text(month)
                + " ORDER BY transaction_time, transaction_id",
            file);
        files.put(month + ".parquet", file);
        Files.delete(file);
      }
    }
    copyCustomers(target);
    return new Summary(customers, transactions, RocAuc.of(oracle, inactive));
  }

  private void customer(int number, DuckDBAppender appender, double[] oracle, int[] inactive)
      throws SQLException {
    String id = "C%06d".formatted(number);
    int plan = random.nextInt(PLANS.length);
    PurchaseProcess process = PurchaseProcess.draw(random, LOYALTY[plan]);
    double spending = Math.exp(3 + 0.6 * random.nextGaussian());
    double last = process.joined();
    boolean active = false;
    for (double day = process.joined();
        day < process.droppedOut() && day < INACTIVE_DAYS;
        day = process.next(day, random)) {
      for (int i = PurchaseProcess.transactions(random); i > 0; i--) {
        purchase(id, day, spending, appender);
      }
      if (day < 0) {
        last = day;
      } else {
        active = true;
      }
    }
    oracle[number] = process.inactive(last, INACTIVE_DAYS);
    inactive[number] = active ? 0 : 1;
    person(number, id, plan, process);
  }

  private void purchase(String id, double day, double spending, DuckDBAppender appender)
      throws SQLException {
    double amount = spending * Math.exp(0.4 * random.nextGaussian());
    boolean outlier = random.nextInt(3000) == 0;
    append(id, time(day), round(outlier ? amount * 100 : amount), false, appender);
    // A return is sent back before the as-of date or not at all, so it never decides a label.
    if (day < -1 && random.nextInt(40) == 0) {
      append(id, time(day * random.nextDouble()), -round(amount), true, appender);
    }
    if (random.nextInt(20_000) == 0) {
      append(id, LocalDateTime.of(2099, 1, 1, 0, 0), round(amount), false, appender);
    }
  }

  private void strangers(DuckDBAppender appender) throws SQLException {
    for (int i = 0; i < customers / 20; i++) {
      append("X" + i, time(-random.nextDouble() * 300), 10, false, appender);
    }
  }

  private void append(
      String customer, LocalDateTime time, double amount, boolean returned, DuckDBAppender appender)
      throws SQLException {
    String category = CATEGORIES[random.nextInt(CATEGORIES.length)];
    int spelling = random.nextInt(30);
    appender.beginRow();
    appender.append("T%08d".formatted(transactionId++));
    appender.append(customer);
    appender.append(time);
    appender.append(random.nextInt(500) == 0 ? Double.NaN : amount);
    appender.append(
        spelling == 0
            ? category.toUpperCase(java.util.Locale.ROOT)
            : spelling == 1 ? " " + category : category);
    appender.append(PAYMENTS[random.nextInt(PAYMENTS.length)]);
    appender.append(returned);
    appender.endRow();
  }

  private void person(int number, String id, int plan, PurchaseProcess process) {
    String region = REGIONS[random.nextInt(REGIONS.length)];
    String spelled =
        random.nextInt(25) == 0
            ? region.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + region.substring(1)
            : region;
    String row =
        String.join(
            ",",
            id,
            "customer" + number + "@example.com",
            "Customer " + number,
            random.nextBoolean() ? "female" : "male",
            random.nextInt(20) == 0 ? "" : String.valueOf(18 + random.nextInt(60)),
            spelled,
            random.nextInt(15) == 0 ? "" : CHANNELS[random.nextInt(CHANNELS.length)],
            PLANS[plan],
            time(process.joined()).toLocalDate().toString(),
            String.valueOf(random.nextInt(3) > 0),
            random.nextBoolean() ? "yes" : "no");
    people.append(row).append('\n');
    if (random.nextInt(400) == 0) {
      people.append(row).append('\n');
    }
  }

  private void copyCustomers(Connection target) throws SQLException, IOException {
    try (Statement statement = target.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS customers");
      statement.execute(
          "CREATE TABLE customers (customer_id text, email text, full_name text, gender text, age"
              + " integer, region text, acquisition_channel text, plan text, signup_date date,"
              + " marketing_opt_in boolean, coin_flip text)");
    }
    long copied =
        target
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY customers FROM STDIN (FORMAT CSV)", new StringReader(people.toString()));
    if (copied < customers) {
      throw new IOException("only " + copied + " customers were loaded");
    }
  }

  private static LocalDateTime time(double day) {
    return AS_OF.plusDays(1).atStartOfDay().plusSeconds((long) Math.floor(day * SECONDS_A_DAY));
  }

  private static double round(double amount) {
    return Math.round(amount * 100) / 100.0;
  }
}
