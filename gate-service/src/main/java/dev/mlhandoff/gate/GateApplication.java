package dev.mlhandoff.gate;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** Starts the service; {@code spring.config.name} keeps its settings apart from the others'. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({GateConfiguration.class, ApprovalConfiguration.class})
public class GateApplication {

  public static void main(String[] args) {
    System.setProperty("spring.config.name", "gate-service");
    SpringApplication.run(GateApplication.class, args);
  }
}
