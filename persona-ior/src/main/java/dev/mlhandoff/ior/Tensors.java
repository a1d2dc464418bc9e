package dev.mlhandoff.ior;

import dev.mlhandoff.ior.OpenInference.InputTensor;
import dev.mlhandoff.ior.OpenInference.OutputTensor;
import dev.mlhandoff.ior.OpenInference.TensorMetadata;
import dev.mlhandoff.ior.RefusedException.PlacedViolation;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/**
 * Turns tensors into records and answers into tensors: one input tensor for each raw feature, of
 * shape [n] or [n, 1]; a null in the data is a missing value.
 */
final class Tensors {

  static final String PROBABILITY = "probability";
  static final String DECISION = "decision";
  static final String EXPLANATION = "explanation";

  /** Parameter of the binary tensor data extension. */
  private static final String BINARY_SIZE = "binary_data_size";

  private Tensors() {}

  static List<TensorMetadata> inputs(List<RawColumn> schema) {
    return schema.stream()
        .map(
            column ->
                new TensorMetadata(
                    column.name(), column.kind() == Kind.NUMERIC ? "FP64" : "BYTES", List.of(-1)))
        .toList();
  }

  static List<TensorMetadata> outputs() {
    return List.of(
        new TensorMetadata(PROBABILITY, "FP64", List.of(-1)),
        new TensorMetadata(DECISION, "BOOL", List.of(-1)));
  }

  /**
   * The records that the tensors hold.
   *
   * @throws RefusedException naming every tensor that does not fit
   */
  static List<Map<String, @Nullable Object>> records(@Nullable List<@Nullable InputTensor> inputs) {
    if (inputs == null || inputs.isEmpty()) {
      throw new RefusedException(
          HttpStatus.BAD_REQUEST, "INVALID_REQUEST", "inputs must have at least one tensor");
    }
    List<PlacedViolation> violations = new ArrayList<>();
    Map<String, List<@Nullable Object>> columns = new LinkedHashMap<>();
    int rows = -1;
    for (int i = 0; i < inputs.size(); i++) {
      InputTensor input = inputs.get(i);
      String name = input == null || input.name() == null ? "inputs[" + i + "]" : input.name();
      List<@Nullable Object> values = new ArrayList<>();
      String problem = input == null ? "is no tensor" : read(input, values);
      if (problem == null && rows >= 0 && rows != values.size()) {
        problem = "has %d rows, the tensors before it %d".formatted(values.size(), rows);
      }
      if (problem == null && columns.containsKey(name)) {
        problem = "is given twice";
      }
      if (problem == null) {
        rows = values.size();
        columns.put(name, values);
      } else {
        violations.add(new PlacedViolation(0, name, "tensor", problem));
      }
    }
    if (!violations.isEmpty()) {
      throw RefusedException.invalid(violations);
    }
    List<Map<String, @Nullable Object>> records = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      Map<String, @Nullable Object> record = new LinkedHashMap<>();
      for (Map.Entry<String, List<@Nullable Object>> column : columns.entrySet()) {
        record.put(column.getKey(), column.getValue().get(row));
      }
      records.add(record);
    }
    return records;
  }

  /** The named outputs, in that order. */
  static List<OutputTensor> outputs(List<String> names, List<Prediction> predictions) {
    List<Integer> shape = List.of(predictions.size());
    return names.stream().map(name -> output(name, shape, predictions)).toList();
  }

  private static OutputTensor output(
      String name, List<Integer> shape, List<Prediction> predictions) {
    return switch (name) {
      case PROBABILITY ->
          new OutputTensor(
              name, "FP64", shape, predictions.stream().map(Prediction::probability).toList());
      case DECISION ->
          new OutputTensor(
              name, "BOOL", shape, predictions.stream().map(Prediction::decision).toList());
      default ->
          new OutputTensor(name, "BYTES", shape, predictions.stream().map(Tensors::text).toList());
    };
  }

  private static String text(Prediction prediction) {
    return new String(
        Json.write(Objects.requireNonNull(prediction.explanation())), StandardCharsets.UTF_8);
  }

  /** What is wrong with the tensor; null if nothing is. */
  private static @Nullable String read(InputTensor input, List<@Nullable Object> values) {
    if (input.parameters() != null && input.parameters().containsKey(BINARY_SIZE)) {
      return "binary data is not supported, send the data as JSON";
    }
    List<@Nullable Integer> shape = input.shape();
    JsonNode data = input.data();
    String datatype = input.datatype();
    if (input.name() == null || shape == null || datatype == null || data == null) {
      return "needs name, shape, datatype and data";
    }
    Integer rows = shape.isEmpty() ? null : shape.get(0);
    if (rows == null
        || rows < 0
        || shape.size() > 2
        || (shape.size() == 2 && !Integer.valueOf(1).equals(shape.get(1)))) {
      return "must have shape [n] or [n, 1], not " + shape;
    }
    if (!List.of("FP64", "INT64", "BYTES").contains(datatype)) {
      return "must be FP64, INT64 or BYTES, not " + datatype;
    }
    String problem = flatten(data, datatype, values);
    if (problem == null && values.size() != rows) {
      return "has %d values, its shape says %d".formatted(values.size(), rows);
    }
    return problem;
  }

  private static @Nullable String flatten(
      JsonNode data, String datatype, List<@Nullable Object> values) {
    if (!data.isArray()) {
      return "needs an array of data";
    }
    for (JsonNode element : data) {
      JsonNode value = element;
      if (element.isArray()) {
        if (element.size() != 1) {
          return "must have one value a row";
        }
        value = element.get(0);
      }
      boolean fits =
          value.isNull()
              || switch (datatype) {
                case "FP64" -> value.isNumber();
                case "INT64" -> value.isIntegralNumber() && value.canConvertToLong();
                default -> value.isString();
              };
      if (!fits) {
        return "has a value that is no " + datatype;
      }
      if (value.isNull()) {
        values.add(null);
      } else if (datatype.equals("BYTES")) {
        values.add(value.asString());
      } else {
        values.add(datatype.equals("INT64") ? (Object) value.asLong() : (Object) value.asDouble());
      }
    }
    return null;
  }
}
