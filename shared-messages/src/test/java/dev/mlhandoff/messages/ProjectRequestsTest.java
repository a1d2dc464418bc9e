package dev.mlhandoff.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectRequestsTest {

  private static final String FOUR_KEYS =
      """
      "name": "Customer Churn Prediction", "dataset": "customer_transactions_2025",
      "target": "churned", "deadline": "Sprint 44"
      """;

  @Test
  void fourKeysGetTheFiguresOfTheScenario() throws InvalidMessageException {
    ProjectRequest request = parse("{" + FOUR_KEYS + "}");

    assertThat(request)
        .isEqualTo(
            ProjectRequest.of(
                "Customer Churn Prediction", "customer_transactions_2025", "churned", "Sprint 44"));
    assertThat(request.requirements())
        .isEqualTo(
            new Requirements(
                50,
                5,
                0.1,
                List.of("logistic_regression", "random_forest", "gradient_boosting"),
                100));
    assertThat(request.qualityGate()).isEqualTo(new QualityGatePolicy(0.65, 3));
    assertThat(request.rollout().steps()).containsExactly(5, 25, 50, 100);
    assertThat(request.seed()).isEqualTo(42);
    assertThat(request.correlationId()).isNull();
  }

  @Test
  void partlyNamedSectionsKeepTheOtherDefaults() throws InvalidMessageException {
    ProjectRequest request =
        parse(
            "{"
                + FOUR_KEYS
                + """
                , "requirements": {"folds": 3}, "qualityGate": {"maxAttempts": 1},
                "rollout": {"steps": [10, 100]}, "seed": 0, "correlationId": "a"}
                """);

    assertThat(request.requirements())
        .isEqualTo(new Requirements(50, 3, 0.1, Requirements.DEFAULT.models(), 100));
    assertThat(request.qualityGate()).isEqualTo(new QualityGatePolicy(0.65, 1));
    assertThat(request.rollout().steps()).containsExactly(10, 100);
    assertThat(request.seed()).isZero();
    assertThat(request.correlationId()).isEqualTo("a");
  }

  @Test
  void searchesOnlyAfterAFailureUnlessAskedOtherwise() throws InvalidMessageException {
    ProjectRequest silent = parse("{" + FOUR_KEYS + "}");
    ProjectRequest asked =
        parse("{" + FOUR_KEYS + ", \"tuning\": \"always\", \"tuningBudget\": {\"trials\": 15}}");

    assertThat(silent.effectiveTuning()).isEqualTo(Tuning.ON_FAILURE);
    assertThat(silent.effectiveTuningBudget()).isEqualTo(new TuningBudget(60, 300));
    assertThat(asked.effectiveTuning()).isEqualTo(Tuning.ALWAYS);
    assertThat(asked.effectiveTuningBudget()).isEqualTo(new TuningBudget(15, 300));
  }

  @ParameterizedTest
  @CsvSource({
    "'\"tuning\": \"sometimes\"', /tuning",
    "'\"tuning\": true', /tuning",
    "'\"tuningBudget\": {\"trials\": 0}', /tuningBudget/trials",
    "'\"tuningBudget\": {\"seconds\": 86401}', /tuningBudget/seconds",
    "'\"tuningBudget\": {\"hours\": 1}', /tuningBudget/hours"
  })
  void tuningOutsideItsRulesIsInvalid(String field, String pointer) {
    InvalidMessageException rejection = rejectionOf("{" + FOUR_KEYS + ", " + field + "}");

    assertThat(rejection.code()).isEqualTo("INVALID_REQUEST");
    assertThat(rejection.pointer()).isEqualTo(pointer);
  }

  @Test
  void recordWithoutAValueIsEmpty() {
    assertThat(rejectionOf((byte[]) null).code()).isEqualTo("EMPTY_REQUEST");
    assertThat(rejectionOf(new byte[0]).code()).isEqualTo("EMPTY_REQUEST");
  }

  @Test
  void requestOfExactlySixtyFourKibIsReadAndOneByteMoreIsTooLarge() throws Exception {
    byte[] largest = new byte[64 * 1024];
    Arrays.fill(largest, (byte) ' ');
    byte[] content = ("{" + FOUR_KEYS + "}").getBytes(StandardCharsets.UTF_8);
    System.arraycopy(content, 0, largest, 0, content.length);
    byte[] tooLarge = Arrays.copyOf(largest, largest.length + 1);
    tooLarge[largest.length] = ' ';

    assertThat(ProjectRequests.parse(largest).target()).isEqualTo("churned");
    assertThat(rejectionOf(tooLarge).code()).isEqualTo("REQUEST_TOO_LARGE");
    assertThat(rejectionOf(tooLarge).reason()).contains("65537").contains("65536");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not json",
        "{",
        "{\"name\": \"a\"} {}",
        "{\"name\": NaN}",
        "{\"name\": 'a'}",
        "{\"seed\": Infinity}"
      })
  void whatIsNotJsonIsInvalidJson(String content) {
    assertThat(rejectionOf(content).code()).isEqualTo("INVALID_JSON");
    assertThat(rejectionOf(content).pointer()).isEmpty();
  }

  @Test
  void bytesThatAreNotUtf8AreInvalidJson() {
    assertThat(rejectionOf(new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', '}'}).code())
        .isEqualTo("INVALID_JSON");
  }

  @Test
  void repeatedKeyIsInvalidJson() {
    InvalidMessageException rejection = rejectionOf("{" + FOUR_KEYS + ", \"target\": \"other\"}");

    assertThat(rejection.code()).isEqualTo("INVALID_JSON");
    assertThat(rejection.reason()).contains("target");
  }

  @ParameterizedTest
  @CsvSource({"[,]", "'{\"a\":',}"})
  void nestingFiveThousandDeepIsInvalidJson(String open, String close) {
    String nested = open.repeat(5000) + "1" + close.repeat(5000);

    InvalidMessageException rejection =
        rejectionOf("{" + FOUR_KEYS + ", \"requirements\": " + nested + "}");

    assertThat(rejection.code()).isEqualTo("INVALID_JSON");
    assertThat(rejection.reason()).contains("deeper than 64");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "null", "[]", "1", "\"text\"", "true"})
  void whatIsNotAnObjectIsInvalid(String content) {
    assertThat(rejectionOf(content).code()).isEqualTo("INVALID_REQUEST");
    assertThat(rejectionOf(content).pointer()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "dataset", "target", "deadline"})
  void pointsToTheMissingKey(String key) {
    String without = FOUR_KEYS.replaceFirst("\"" + key + "\": \"[^\"]*\",?", "").strip();
    InvalidMessageException rejection = rejectionOf("{" + without.replaceFirst(",$", "") + "}");

    assertThat(rejection.code()).isEqualTo("INVALID_REQUEST");
    assertThat(rejection.pointer()).isEqualTo("/" + key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/surprise | \"surprise\": 1",
        "/a~1b~0c | \"a/b~c\": 1",
        "/requirements | \"requirements\": []",
        "/requirements | \"requirements\": null",
        "/requirements/folds | \"requirements\": {\"folds\": 1}",
        "/requirements/folds | \"requirements\": {\"folds\": \"5\"}",
        "/requirements/topFeatures | \"requirements\": {\"topFeatures\": 1001}",
        "/requirements/precisionAtK | \"requirements\": {\"precisionAtK\": 0}",
        "/requirements/models | \"requirements\": {\"models\": []}",
        "/requirements/models/1 | \"requirements\": {\"models\": [\"a\", 1]}",
        "/requirements/latencyTargetMs | \"requirements\": {\"latencyTargetMs\": 0}",
        "/requirements/url | \"requirements\": {\"url\": \"file:///etc/passwd\"}",
        "/qualityGate/threshold | \"qualityGate\": {\"threshold\": 1.01}",
        "/qualityGate/maxAttempts | \"qualityGate\": {\"maxAttempts\": 11}",
        "/rollout/steps | \"rollout\": {}",
        "/rollout/steps/0 | \"rollout\": {\"steps\": [0, 100]}",
        "/rollout/steps/1 | \"rollout\": {\"steps\": [50, 50, 100]}",
        "/rollout/steps/1 | \"rollout\": {\"steps\": [5, 25]}",
        "/seed | \"seed\": -1",
        "/seed | \"seed\": 9007199254740992",
        "/seed | \"seed\": 1.5",
        "/seed | \"seed\": 1e99999999999",
        "/correlationId | \"correlationId\": \"\""
      })
  void pointsToTheBrokenRule(String pointer, String addition) {
    InvalidMessageException rejection = rejectionOf("{" + FOUR_KEYS + ", " + addition + "}");

    assertThat(rejection.code()).isEqualTo("INVALID_REQUEST");
    assertThat(rejection.pointer()).isEqualTo(pointer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\" \"", "\"///\"", "\"日本語\"", "17", "null", "[\"a\"]"})
  void nameWithoutALatinLetterOrDigitIsInvalid(String name) {
    InvalidMessageException rejection =
        rejectionOf("{" + FOUR_KEYS.replaceFirst("\"Customer Churn Prediction\"", name) + "}");

    assertThat(rejection.code()).isEqualTo("INVALID_REQUEST");
    assertThat(rejection.pointer()).isEqualTo("/name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "dataset", "target", "deadline"})
  void charactersThatNoDatabaseOrEncoderTakesAreInvalid(String key) {
    for (String hostile : List.of("\\\\u0000", "\\\\ud800", "\\\\udc00x")) {
      InvalidMessageException rejection =
          rejectionOf(
              "{"
                  + FOUR_KEYS.replaceFirst(
                      "\"" + key + "\": \"[^\"]*\"", "\"" + key + "\": \"a" + hostile + "\"")
                  + "}");

      assertThat(rejection.code()).isEqualTo("INVALID_REQUEST");
      assertThat(rejection.pointer()).isEqualTo("/" + key);
    }
  }

  @Test
  void charactersOutsideTheBasicPlaneAreFine() throws InvalidMessageException {
    assertThat(parse("{" + FOUR_KEYS.replace("Sprint 44", "\\ud83d\\ude80 \uD83D\uDE80") + "}"))
        .extracting(ProjectRequest::deadline)
        .isEqualTo("\uD83D\uDE80 \uD83D\uDE80");
  }

  @Test
  void namesEveryBrokenRuleAtOnce() {
    InvalidMessageException rejection = rejectionOf("{\"name\": 1, \"dataset\": 2}");

    assertThat(rejection.reason()).contains("/name", "/dataset", "/target", "/deadline");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Customer Churn Prediction | customer-churn-prediction",
        "../../etc/passwd | etc-passwd",
        "'..\\..\\windows' | windows",
        "'x''; DROP TABLE runs; --' | x-drop-table-runs",
        "<script>alert(1)</script> | script-alert-1-script",
        "Prévision d’été 2025 | pr-vision-d-t-2025",
        "日本 churn | churn",
        "KİŞİ 1 | ki-i-1",
        "--a--b-- | a-b"
      })
  void modelIdIsASlugWhateverTheName(String name, String expected) {
    assertThat(ProjectRequests.modelId(name)).isEqualTo(expected);
  }

  @Test
  void modelIdHasAtMostSixtyThreeCharactersAndNoTrailingHyphen() {
    assertThat(ProjectRequests.modelId("a".repeat(200))).hasSize(63);
    assertThat(ProjectRequests.modelId("a".repeat(62) + " b")).isEqualTo("a".repeat(62));
  }

  private static ProjectRequest parse(String content) throws InvalidMessageException {
    return ProjectRequests.parse(content.getBytes(StandardCharsets.UTF_8));
  }

  private static InvalidMessageException rejectionOf(String content) {
    return rejectionOf(content.getBytes(StandardCharsets.UTF_8));
  }

  private static InvalidMessageException rejectionOf(byte @Nullable [] content) {
    return catchThrowableOfType(
        InvalidMessageException.class, () -> ProjectRequests.parse(content));
  }
}
