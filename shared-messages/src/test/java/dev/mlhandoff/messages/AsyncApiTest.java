package dev.mlhandoff.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * The AsyncAPI document is what the topic list and the schemas say; {@code -Dasyncapi.write=true}
 * writes it again.
 */
class AsyncApiTest {

  private static final Path DOCUMENT = Path.of("../docs/asyncapi.yml");
  private static final String SCHEMAS = "../shared-messages/src/main/resources/schemas/v1/";
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .disable(YAMLWriteFeature.SPLIT_LINES)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .build();

  @Test
  void documentIsWhatTheTopicListSays() throws IOException {
    String document = YAML.writeValueAsString(document());
    if (Boolean.getBoolean("asyncapi.write")) {
      Files.writeString(DOCUMENT, document);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(document);
  }

  @Test
  void everySchemaThatTheDocumentNamesIsThere() {
    for (Topic<?> topic : Topics.all()) {
      assertThat(DOCUMENT.resolveSibling(schemaOf(topic)).normalize()).exists();
    }
  }

  private static ObjectNode document() {
    ObjectNode root = YAML.createObjectNode();
    root.put("asyncapi", "3.0.0");
    root.putObject("info")
        .put("title", "ML Handoff")
        .put("version", "1.0.0")
        .put(
            "description",
            "Every topic, who writes it and who reads it. Values are JSON in UTF-8. Whoever publishes needs no header;"
                + " what the services send carries CloudEvents 1.0 headers (ce_*) and traceparent.")
        .putObject("license")
        .put("name", "Apache-2.0");
    root.put("defaultContentType", "application/json");
    root.putObject("servers")
        .putObject("embedded")
        .put("host", "localhost:9092")
        .put("protocol", "kafka")
        .put("description", "The broker of handoff up and of the compose file.");
    ObjectNode channels = root.putObject("channels");
    ObjectNode operations = root.putObject("operations");
    ObjectNode messages = root.putObject("components").putObject("messages");
    for (TopicAccess access : TopicAccess.all()) {
      channel(channels.putObject(name(access.topic())), access.topic());
      message(messages, access.topic());
      operations(operations, access);
    }
    return root;
  }

  private static void channel(ObjectNode channel, Topic<?> topic) {
    String type = topic.valueType().getSimpleName();
    channel.put("address", topic.name());
    channel.put("description", "Key: " + topic.key() + ".");
    channel.putObject("messages").putObject(type).put("$ref", "#/components/messages/" + type);
    ObjectNode binding = channel.putObject("bindings").putObject("kafka");
    binding.put("topic", topic.name()).put("partitions", Topics.PARTITIONS);
    ObjectNode configuration = YAML.createObjectNode();
    topic.configuration().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> {
              switch (entry.getKey()) {
                case "cleanup.policy" ->
                    configuration.putArray("cleanup.policy").add(entry.getValue());
                default -> configuration.put(entry.getKey(), Long.parseLong(entry.getValue()));
              }
            });
    if (!configuration.isEmpty()) {
      binding.set("topicConfiguration", configuration);
    }
    binding.put("bindingVersion", "0.5.0");
  }

  private static void message(ObjectNode messages, Topic<?> topic) {
    ObjectNode message = messages.putObject(topic.valueType().getSimpleName());
    message.put("contentType", "application/json");
    message
        .putObject("payload")
        .put("schemaFormat", "application/schema+json;version=draft-2020-12")
        .putObject("schema")
        .put("$ref", schemaOf(topic));
  }

  private static void operations(ObjectNode operations, TopicAccess access) {
    for (Party party : Party.values()) {
      operation(operations, access, party, "send", access.writers());
      operation(operations, access, party, "receive", access.readers());
    }
  }

  private static void operation(
      ObjectNode operations, TopicAccess access, Party party, String action, Set<Party> who) {
    if (!who.contains(party)) {
      return;
    }
    String channel = name(access.topic());
    String id = AccessRule.groupPrefix(party) + "." + action + "." + channel;
    ObjectNode operation = operations.putObject(id);
    operation.put("action", action);
    operation.putObject("channel").put("$ref", "#/channels/" + channel);
    operation.put("summary", party.label() + " " + action);
    operation.putArray("tags").addObject().put("name", party.label());
  }

  private static String name(Topic<?> topic) {
    List<String> words = Arrays.asList(topic.name().split("[.-]"));
    return String.join("-", words.subList(0, words.size() - 1));
  }

  private static String schemaOf(Topic<?> topic) {
    String kebab =
        topic
            .valueType()
            .getSimpleName()
            .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
            .toLowerCase(Locale.ROOT);
    return SCHEMAS + kebab + ".schema.json";
  }
}
