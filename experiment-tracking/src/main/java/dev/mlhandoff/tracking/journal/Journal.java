package dev.mlhandoff.tracking.journal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything a tracker should know of one attempt, as JSON lines in the order in which it became
 * known. Equal attempts give equal bytes.
 */
public final class Journal {

  /** Media type of a written journal. */
  public static final String MEDIA_TYPE = "application/x-ndjson";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final List<JournalEntry> entries;

  private Journal(List<JournalEntry> entries) {
    if (entries.isEmpty() || !(entries.get(0) instanceof JournalEntry.Attempt)) {
      throw new IllegalArgumentException("a journal begins with its attempt");
    }
    this.entries = List.copyOf(entries);
  }

  /**
   * A journal of these entries.
   *
   * @throws IllegalArgumentException if the first is not the attempt
   */
  public static Journal of(List<JournalEntry> entries) {
    return new Journal(entries);
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if it is not a journal, with the line that is wrong
   */
  public static Journal read(byte[] content) {
    List<JournalEntry> entries = new ArrayList<>();
    String[] lines = new String(content, StandardCharsets.UTF_8).split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].isEmpty()) {
        continue;
      }
      try {
        entries.add(JSON.readValue(lines[i], JournalEntry.class));
      } catch (JacksonException e) {
        throw new IllegalArgumentException("line " + (i + 1) + " is not an entry", e);
      }
    }
    return new Journal(entries);
  }

  /** One compact JSON object a line. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (JournalEntry entry : entries) {
      bytes.writeBytes(JSON.writerFor(JournalEntry.class).writeValueAsBytes(entry));
      bytes.write('\n');
    }
    return bytes.toByteArray();
  }

  /** What the journal is about. */
  public JournalEntry.Attempt attempt() {
    return (JournalEntry.Attempt) entries.get(0);
  }

  public List<JournalEntry.Trial> trials() {
    return all(JournalEntry.Trial.class);
  }

  public List<JournalEntry.Metric> metrics() {
    return all(JournalEntry.Metric.class);
  }

  public List<JournalEntry.Artifact> artifacts() {
    return all(JournalEntry.Artifact.class);
  }

  /** The model that was handed on, if there is one. */
  public Optional<JournalEntry.SelectedModel> selectedModel() {
    return all(JournalEntry.SelectedModel.class).stream().findFirst();
  }

  private <T extends JournalEntry> List<T> all(Class<T> type) {
    return entries.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
