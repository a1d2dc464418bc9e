package dev.mlhandoff.cli;

import dev.mlhandoff.messages.AccessRule;
import dev.mlhandoff.messages.Party;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.acl.AclBinding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows who may do what on the broker, or sets it. */
@Command(
    name = "acls",
    mixinStandardHelpOptions = true,
    description = {
      "Print the access rules of all topics, groups and transactions, one a line;",
      "with --bootstrap create them on a broker that has an authorizer."
    })
final class AclsCommand implements Callable<Integer> {

  @Mixin private BrokerOptions broker;

  @Option(
      names = "--as",
      description =
          "ROLE=PRINCIPAL, repeatable: who has a role (requester, approver, operator, persona-por"
              + " ...), instead of User:ROLE")
  private List<String> roles = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    List<AclBinding> bindings = AccessControl.bindings(principals());
    if (broker.bootstrap() == null) {
      bindings.forEach(binding -> System.out.println(line(binding)));
      return HandoffCommand.DONE;
    }
    AccessControl.create(broker.client(() -> ""), bindings);
    System.out.println(bindings.size() + " access rules are there");
    return HandoffCommand.DONE;
  }

  private Map<Party, List<String>> principals() {
    Map<Party, List<String>> principals = new EnumMap<>(Party.class);
    for (String role : roles) {
      int at = role.indexOf('=');
      if (at < 1 || !role.substring(at + 1).contains(":")) {
        throw new IllegalArgumentException("--as takes ROLE=TYPE:NAME, not " + role);
      }
      principals
          .computeIfAbsent(party(role.substring(0, at)), party -> new ArrayList<>())
          .add(role.substring(at + 1));
    }
    return principals;
  }

  private static Party party(String name) {
    return Arrays.stream(Party.values())
        .filter(party -> AccessRule.groupPrefix(party).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no role "
                        + name
                        + "; there are "
                        + Arrays.stream(Party.values()).map(AccessRule::groupPrefix).toList()));
  }

  private static String line(AclBinding binding) {
    return "%s %s %s %s %s"
        .formatted(
            binding.entry().principal(),
            binding.entry().operation(),
            binding.pattern().resourceType(),
            binding.pattern().patternType(),
            binding.pattern().name());
  }
}
