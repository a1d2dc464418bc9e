package dev.mlhandoff.bom;

import dev.mlhandoff.bom.DescribedModel.Dataset;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.generators.json.BomJsonGenerator;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Dependency;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.Metadata;
import org.cyclonedx.model.Property;
import org.cyclonedx.model.component.data.ComponentData;

/**
 * A model as a bill of materials of <a href="https://cyclonedx.org/docs/1.6/json/">CycloneDX
 * 1.6</a>: the model with its card, the data it was made from, and what was made from what. Equal
 * for equal models.
 */
public final class ModelBom {

  private static final String PREFIX = "handoff:";

  private ModelBom() {}

  /** The bill as JSON. */
  public static byte[] json(DescribedModel model) {
    Bom bom = new Bom();
    bom.setSerialNumber("urn:uuid:" + uuid(model.digest()));
    bom.setVersion(1);
    bom.setMetadata(metadata(model));
    for (Dataset dataset : model.datasets()) {
      bom.addComponent(data(dataset));
    }
    Dependency made = new Dependency(reference(model));
    for (Dataset dataset : model.datasets()) {
      made.addDependency(new Dependency(dataset.id()));
    }
    bom.addDependency(made);
    for (Dataset dataset : model.datasets()) {
      Dependency computed = new Dependency(dataset.id());
      dataset.madeFrom().forEach(source -> computed.addDependency(new Dependency(source)));
      bom.addDependency(computed);
    }
    try {
      return new BomJsonGenerator(bom, Version.VERSION_16)
          .toJsonString(true)
          .getBytes(StandardCharsets.UTF_8);
    } catch (GeneratorException e) {
      throw new IllegalStateException("the bill of " + model.id() + " cannot be written", e);
    }
  }

  @SuppressWarnings("JavaUtilDate") // the library's own type
  private static Metadata metadata(DescribedModel model) {
    Component component = new Component();
    component.setType(Component.Type.MACHINE_LEARNING_MODEL);
    component.setBomRef(reference(model));
    component.setName(model.name());
    component.setVersion(model.version());
    component.setDescription(model.useCase());
    component.addHash(new Hash(Hash.Algorithm.SHA_256, model.sha256()));
    component.setModelCard(ModelCards.of(model));
    component.addProperty(property("evidence_sha256", model.digest()));
    model.properties().forEach((name, value) -> component.addProperty(property(name, value)));
    Metadata metadata = new Metadata();
    metadata.setTimestamp(Date.from(model.since()));
    metadata.setComponent(component);
    return metadata;
  }

  private static Component data(Dataset dataset) {
    ComponentData content = new ComponentData();
    content.setType(ComponentData.ComponentDataType.DATASET);
    content.setName(dataset.name());
    content.setDescription(dataset.description());
    if (!dataset.sensitive().isEmpty()) {
      content.setSensitiveData(dataset.sensitive());
    }
    Component component = new Component();
    component.setType(Component.Type.DATA);
    component.setBomRef(dataset.id());
    component.setName(dataset.name());
    component.setData(List.of(content));
    String sha256 = dataset.sha256();
    if (sha256 != null) {
      component.addHash(new Hash(Hash.Algorithm.SHA_256, sha256));
    }
    dataset
        .columns()
        .forEach(
            (column, sources) -> component.addProperty(property("lineage:" + column, sources)));
    return component;
  }

  static String reference(DescribedModel model) {
    return "model/" + model.id() + "@" + model.version();
  }

  private static Property property(String name, String value) {
    return new Property(PREFIX + name, value);
  }

  private static UUID uuid(String digest) {
    return UUID.nameUUIDFromBytes(digest.getBytes(StandardCharsets.UTF_8));
  }
}
