package dev.mlhandoff.cli;

import dev.mlhandoff.messages.AccessRule;
import dev.mlhandoff.messages.Party;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The access rules of the contract as a broker's authorizer takes them. */
public final class AccessControl {

  private static final String ANY_HOST = "*";
  private static final long TIMEOUT_SECONDS = 30;
  private static final long POLL_MILLIS = 50;

  private AccessControl() {}

  /**
   * Every rule, for principals named after services and roles ({@code User:persona-por}, {@code
   * User:requester}).
   *
   * @param principals others for some of the parties, for example {@code User:CN=por}
   */
  public static List<AclBinding> bindings(Map<Party, List<String>> principals) {
    List<AclBinding> bindings = new ArrayList<>();
    for (AccessRule rule : AccessRule.all()) {
      List<String> named =
          principals.getOrDefault(
              rule.party(), List.of("User:" + AccessRule.groupPrefix(rule.party())));
      for (String principal : named) {
        for (AccessRule.Operation operation : rule.operations()) {
          bindings.add(binding(rule, principal, operation));
        }
      }
    }
    return List.copyOf(bindings);
  }

  /**
   * Creates them on a broker, and waits until it applies them; those that are there already stay as
   * they are.
   */
  public static void create(Map<String, Object> client, List<AclBinding> bindings)
      throws Exception {
    try (Admin admin = Admin.create(client)) {
      admin.createAcls(bindings).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      awaitApplied(admin, bindings);
    }
  }

  /** The controller has them first; the broker asks for them as it goes. */
  private static void awaitApplied(Admin admin, List<AclBinding> bindings) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!new HashSet<>(
            admin
                .describeAcls(AclBindingFilter.ANY)
                .values()
                .get(TIMEOUT_SECONDS, TimeUnit.SECONDS))
        .containsAll(bindings)) {
      if (System.nanoTime() > end) {
        throw new TimeoutException("the broker does not apply the access rules");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private static AclBinding binding(
      AccessRule rule, String principal, AccessRule.Operation operation) {
    return new AclBinding(
        new ResourcePattern(
            ResourceType.valueOf(rule.resource().name()),
            rule.name(),
            rule.prefix() ? PatternType.PREFIXED : PatternType.LITERAL),
        new AccessControlEntry(
            principal, ANY_HOST, AclOperation.valueOf(operation.name()), AclPermissionType.ALLOW));
  }
}
