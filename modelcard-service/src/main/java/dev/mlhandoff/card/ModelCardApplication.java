package dev.mlhandoff.card;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** Starts the service; {@code spring.config.name} keeps its settings apart from the others'. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({ModelCardConfiguration.class, LineageConfiguration.class})
public class ModelCardApplication {

  public static void main(String[] args) {
    System.setProperty("spring.config.name", "modelcard-service");
    SpringApplication.run(ModelCardApplication.class, args);
  }
}
