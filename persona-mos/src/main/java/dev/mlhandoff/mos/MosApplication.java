package dev.mlhandoff.mos;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** Starts the service; {@code spring.config.name} keeps its settings apart from the others'. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({MosConfiguration.class, MonitoringConfiguration.class, RetrainConfiguration.class})
public class MosApplication {

  public static void main(String[] args) {
    System.setProperty("spring.config.name", "persona-mos");
    SpringApplication.run(MosApplication.class, args);
  }
}
