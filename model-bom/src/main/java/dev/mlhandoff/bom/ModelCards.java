package dev.mlhandoff.bom;

import dev.mlhandoff.bom.DescribedModel.Performance;
import java.util.List;
import org.cyclonedx.model.component.ModelCard;
import org.cyclonedx.model.component.data.DatasetChoice;
import org.cyclonedx.model.component.modelCard.Considerations;
import org.cyclonedx.model.component.modelCard.InputOutputParameter;
import org.cyclonedx.model.component.modelCard.ModelParameters;
import org.cyclonedx.model.component.modelCard.ModelParameters.Approach;
import org.cyclonedx.model.component.modelCard.ModelParameters.Approach.ApproachType;
import org.cyclonedx.model.component.modelCard.PerformanceMetric;
import org.cyclonedx.model.component.modelCard.PerformanceMetric.ConfidenceInterval;
import org.cyclonedx.model.component.modelCard.QuantitativeAnalysis;
import org.cyclonedx.model.component.modelCard.consideration.FairnessAssessment;
import org.cyclonedx.model.component.modelCard.consideration.Risk;

/** The card of a model in the terms of the bill. */
final class ModelCards {

  private ModelCards() {}

  static ModelCard of(DescribedModel model) {
    ModelCard card = new ModelCard();
    card.setModelParameters(parameters(model));
    QuantitativeAnalysis analysis = new QuantitativeAnalysis();
    analysis.setPerformanceMetrics(model.performance().stream().map(ModelCards::metric).toList());
    card.setQuantitativeAnalysis(analysis);
    card.setConsiderations(considerations(model));
    return card;
  }

  private static ModelParameters parameters(DescribedModel model) {
    Approach approach = new Approach();
    approach.setType(ApproachType.SUPERVISED);
    ModelParameters parameters = new ModelParameters();
    parameters.setApproach(approach);
    parameters.setTask("binary classification of tabular data");
    parameters.setArchitectureFamily(model.family());
    parameters.setModelArchitecture(model.family());
    parameters.setDatasets(
        model.datasets().stream()
            .map(
                dataset -> {
                  DatasetChoice choice = new DatasetChoice();
                  choice.setRef(dataset.id());
                  return choice;
                })
            .toList());
    parameters.setInputs(
        model.inputs().entrySet().stream()
            .map(input -> parameter(input.getKey() + ": " + input.getValue()))
            .toList());
    parameters.setOutputs(List.of(parameter("probability of the positive class, in [0, 1]")));
    return parameters;
  }

  private static InputOutputParameter parameter(String format) {
    InputOutputParameter parameter = new InputOutputParameter();
    parameter.setFormat(format);
    return parameter;
  }

  private static PerformanceMetric metric(Performance performance) {
    PerformanceMetric metric = new PerformanceMetric();
    metric.setType(performance.metric());
    metric.setValue(String.valueOf(performance.value()));
    metric.setSlice(performance.slice());
    Double lower = performance.lower();
    Double upper = performance.upper();
    if (lower != null && upper != null) {
      ConfidenceInterval interval = new ConfidenceInterval();
      interval.setLowerBound(String.valueOf(lower));
      interval.setUpperBound(String.valueOf(upper));
      metric.setConfidenceInterval(interval);
    }
    return metric;
  }

  private static Considerations considerations(DescribedModel model) {
    Considerations considerations = new Considerations();
    considerations.setUseCases(List.of(model.useCase()));
    considerations.setTechnicalLimitations(model.limitations());
    considerations.setFairnessAssessments(
        model.fairness().stream()
            .map(
                found -> {
                  FairnessAssessment assessment = new FairnessAssessment();
                  assessment.setGroupAtRisk(found.groups());
                  assessment.setHarms(found.finding());
                  if (!found.mitigation().isEmpty()) {
                    assessment.setMitigationStrategy(found.mitigation());
                  }
                  return assessment;
                })
            .toList());
    if (!model.risks().isEmpty()) {
      considerations.setEthicalConsiderations(
          model.risks().stream()
              .map(
                  found -> {
                    Risk risk = new Risk();
                    risk.setName(found.name());
                    risk.setMitigationStrategy(found.mitigation());
                    return risk;
                  })
              .toList());
    }
    return considerations;
  }
}
