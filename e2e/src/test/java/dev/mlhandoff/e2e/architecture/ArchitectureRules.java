package dev.mlhandoff.e2e.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.lang.ArchRule;
import dev.mlhandoff.runtime.access.ChangesNothing;
import dev.mlhandoff.runtime.access.RequiresRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** The rules, for the packages below a root. */
final class ArchitectureRules {

  /** Dependencies point one way: each module sees these and itself. */
  private static final Map<String, List<String>> VISIBLE =
      Map.ofEntries(
          Map.entry("messages", List.of()),
          Map.entry("data", List.of()),
          Map.entry("ml", List.of()),
          Map.entry("bom", List.of()),
          Map.entry("tracking", List.of()),
          Map.entry("platform", List.of()),
          Map.entry("runtime", List.of("messages")),
          Map.entry("por", List.of("messages", "runtime", "data", "ml")),
          Map.entry("far", List.of("messages", "runtime", "data", "ml")),
          Map.entry("esc", List.of("messages", "runtime", "data", "ml", "tracking")),
          Map.entry("gate", List.of("messages", "runtime", "data", "ml")),
          Map.entry("ior", List.of("messages", "runtime", "data", "ml")),
          Map.entry("mos", List.of("messages", "runtime", "data", "ml")),
          Map.entry("card", List.of("messages", "runtime", "data", "ml", "bom")));

  private static final List<String> SERVICES =
      List.of("por", "far", "esc", "gate", "ior", "mos", "card");

  private final String root;

  ArchitectureRules(String root) {
    this.root = root;
  }

  /** Every rule under a name of its own. */
  Map<String, ArchRule> all() {
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    VISIBLE.forEach((module, visible) -> rules.put("module " + module, oneWay(module, visible)));
    rules.put("domain", domain());
    rules.put(
        "field injection",
        noFields().should().beAnnotatedWith(Autowired.class).allowEmptyShould(true));
    rules.put(
        "names",
        noClasses()
            .should()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Impl"));
    rules.put(
        "listeners",
        methods()
            .that()
            .areAnnotatedWith(KafkaListener.class)
            .should()
            .beDeclaredInClassesThat()
            .haveSimpleNameEndingWith("Listener")
            .allowEmptyShould(true));
    rules.put(
        "listener methods",
        methods()
            .that()
            .areAnnotatedWith(KafkaListener.class)
            .should()
            .haveRawParameterTypes(ConsumerRecord.class)
            .andShould()
            .haveRawReturnType(void.class)
            .allowEmptyShould(true));
    rules.put(
        "access",
        methods()
            .that()
            .areAnnotatedWith(PostMapping.class)
            .or()
            .areAnnotatedWith(PutMapping.class)
            .or()
            .areAnnotatedWith(PatchMapping.class)
            .or()
            .areAnnotatedWith(DeleteMapping.class)
            .or()
            .areAnnotatedWith(RequestMapping.class)
            .should()
            .beAnnotatedWith(RequiresRole.class)
            .orShould()
            .beAnnotatedWith(ChangesNothing.class)
            .allowEmptyShould(true));
    return rules;
  }

  private ArchRule oneWay(String module, List<String> visible) {
    List<String> hidden = new ArrayList<>();
    for (String other : VISIBLE.keySet()) {
      if (!other.equals(module) && !visible.contains(other)) {
        hidden.add(root + "." + other + "..");
      }
    }
    hidden.add(root + ".cli..");
    return noClasses()
        .that()
        .resideInAPackage(root + "." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(hidden.toArray(String[]::new))
        .allowEmptyShould(true);
  }

  /** The packages below a service, and the domain modules, know no framework and no message. */
  private ArchRule domain() {
    List<String> packages =
        new ArrayList<>(
            List.of(root + ".data..", root + ".ml..", root + ".bom..", root + ".tracking.."));
    SERVICES.forEach(service -> packages.add(root + "." + service + ".*.."));
    return classes()
        .that()
        .resideInAnyPackage(packages.toArray(String[]::new))
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages(
            "org.springframework..",
            "org.apache.kafka..",
            root + ".messages..",
            root + ".runtime..",
            "dev.mlhandoff.messages..",
            "dev.mlhandoff.runtime..");
  }
}
