package dev.mlhandoff.ior;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The messages of the Open Inference Protocol, version 2, over REST. */
final class OpenInference {

  private OpenInference() {}

  /** A model's description. */
  record ModelMetadata(
      String name,
      List<String> versions,
      String platform,
      List<TensorMetadata> inputs,
      List<TensorMetadata> outputs) {}

  /**
   * A tensor's description.
   *
   * @param shape -1 where any size will do
   */
  record TensorMetadata(String name, String datatype, List<Integer> shape) {}

  /** One tensor of a request; data may be flat or nested. */
  record InputTensor(
      @Nullable String name,
      @Nullable String datatype,
      @Nullable List<@Nullable Integer> shape,
      @Nullable Map<String, @Nullable Object> parameters,
      @Nullable JsonNode data) {}

  /** Which of the outputs are wanted. */
  record RequestedOutput(@Nullable String name) {}

  /** A request for inference. */
  record InferRequest(
      @Nullable String id,
      @Nullable Map<String, @Nullable Object> parameters,
      @Nullable List<@Nullable InputTensor> inputs,
      @Nullable List<@Nullable RequestedOutput> outputs) {}

  /** One tensor of a response. */
  record OutputTensor(String name, String datatype, List<Integer> shape, List<?> data) {}

  /** The answer to a request for inference. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record InferResponse(
      @JsonProperty("model_name") String modelName,
      @JsonProperty("model_version") String modelVersion,
      @Nullable String id,
      Map<String, Object> parameters,
      List<OutputTensor> outputs) {}

  /** Why a request was not answered. */
  record ErrorResponse(String error) {}
}
