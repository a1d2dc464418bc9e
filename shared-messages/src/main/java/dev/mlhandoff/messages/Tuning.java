package dev.mlhandoff.messages;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When hyperparameters are searched. */
public enum Tuning {
  /** Only in attempts that follow a failed one. */
  @JsonProperty("on-failure")
  ON_FAILURE,
  /** In every attempt, the first included. */
  @JsonProperty("always")
  ALWAYS
}
