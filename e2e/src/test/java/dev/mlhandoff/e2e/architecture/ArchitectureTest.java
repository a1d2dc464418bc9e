package dev.mlhandoff.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

  private static final String BROKEN = "dev.mlhandoff.e2e.architecture.broken";

  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.mlhandoff");

  @ParameterizedTest
  @MethodSource("names")
  void holdsInEveryModule(String name) {
    rule("dev.mlhandoff", name).check(PRODUCTION);
  }

  @Test
  void looksAtEveryModule() {
    Set<String> seen =
        PRODUCTION.stream()
            .map(type -> type.getPackageName().split("\\.", -1)[2])
            .collect(Collectors.toSet());
    assertThat(seen)
        .contains("messages", "runtime", "data", "ml", "tracking", "platform", "cli")
        .contains("por", "far", "esc", "gate", "ior", "mos", "card");
  }

  @ParameterizedTest
  @MethodSource("breakable")
  void goesRedForBrokenCode(String name) {
    JavaClasses broken = new ClassFileImporter().importPackages(BROKEN);
    assertThat(rule(BROKEN, name).evaluate(broken).hasViolation()).isTrue();
  }

  static Stream<String> names() {
    return new ArchitectureRules("dev.mlhandoff").all().keySet().stream();
  }

  /** The rules of the other modules are the same rule as that of {@code far}. */
  static Stream<String> breakable() {
    return names().filter(name -> !name.startsWith("module ") || name.equals("module far"));
  }

  private static ArchRule rule(String root, String name) {
    ArchRule rule = new ArchitectureRules(root).all().get(name);
    if (rule == null) {
      throw new IllegalArgumentException("no rule " + name);
    }
    return rule;
  }
}
