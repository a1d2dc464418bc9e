package dev.mlhandoff.runtime;

import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Shows who works in a service: {@code GET /persona} all of its personas by id, {@code GET
 * /persona/{id}} one.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(RouterFunction.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class PersonaEndpoint {

  @Bean
  RouterFunction<ServerResponse> personas(StageRunners runners) {
    return RouterFunctions.route()
        .GET("/persona", request -> ServerResponse.ok().body(runners.personas()))
        .GET(
            "/persona/{id}",
            request -> {
              Map<String, Persona> personas = runners.personas();
              Persona persona = personas.get(request.pathVariable("id"));
              return persona == null
                  ? ServerResponse.notFound().build()
                  : ServerResponse.ok().body(persona);
            })
        .build();
  }
}
