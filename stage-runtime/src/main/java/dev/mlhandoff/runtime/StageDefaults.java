package dev.mlhandoff.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Profiles;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.ResourcePropertySource;

/**
 * Adds the shell's defaults below everything else, so that a service can override any of them, and
 * over them, where the profile {@code secured} is active, what that changes.
 */
public final class StageDefaults implements EnvironmentPostProcessor {

  private static final String SECURED = "secured";

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    if (environment.acceptsProfiles(Profiles.of(SECURED))) {
      add(environment, "stage-secured");
    }
    add(environment, "stage-defaults");
  }

  private static void add(ConfigurableEnvironment environment, String name) {
    try {
      environment
          .getPropertySources()
          .addLast(new ResourcePropertySource(name, new ClassPathResource(name + ".properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
