package dev.mlhandoff.por.pipeline;

import java.util.List;

/**
 * Where a cleaned column comes from.
 *
 * @param column as {@code entities.NAME} or {@code events.NAME}
 * @param role KEY, TIME, AMOUNT, FEATURE, PROTECTED or LABEL
 * @param rule what was done to its values
 */
public record ColumnLineage(String column, String role, List<SourceColumn> sources, String rule) {

  /**
   * A column as the source has it.
   *
   * @param source the source in words, without address
   */
  public record SourceColumn(String source, String column) {}
}
