package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Features of another project that a request asks for.
 *
 * @param project model id of the other project
 * @param version null for the newest one when the request is worked on
 * @param features names in the view
 * @param as each becomes a column of this name, an underscore and its own name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FederatedFeatures(
    String project, String view, @Nullable String version, List<String> features, String as) {

  public FederatedFeatures {
    features = List.copyOf(features);
  }
}
