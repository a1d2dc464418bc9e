package dev.mlhandoff.far;

import dev.mlhandoff.platform.SharedPlatform;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** FAR's schema in the shared database of the tests. */
final class FarDatabase {

  private FarDatabase() {}

  /** Migrates the schema and empties the online tables. */
  static JdbcTemplate empty() {
    DriverManagerDataSource database =
        new DriverManagerDataSource(
            SharedPlatform.get().database().jdbcUrl(), "postgres", "postgres");
    Flyway.configure()
        .dataSource(database)
        .schemas("far")
        .defaultSchema("far")
        .locations("classpath:db/migration/far")
        .load()
        .migrate();
    JdbcTemplate jdbc = new JdbcTemplate(database);
    jdbc.update("DELETE FROM far.online_rows");
    jdbc.update("DELETE FROM far.online_imports");
    jdbc.update("DELETE FROM far.online_import_keys");
    return jdbc;
  }
}
