package dev.mlhandoff.e2e.serving;

import dev.mlhandoff.ior.IorApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** IOR with one path more, which does nothing: what the server itself can do. */
final class BenchServer {

  static final String EMPTY = "/empty";

  private BenchServer() {}

  public static void main(String[] args) {
    new SpringApplicationBuilder(IorApplication.class, EmptyHandler.class).run(args);
  }

  /** Takes a body and answers with an empty object. */
  @RestController
  @Configuration(proxyBeanMethods = false)
  static class EmptyHandler {

    private static final byte[] NOTHING = {'{', '}'};

    @PostMapping(path = EMPTY, produces = MediaType.APPLICATION_JSON_VALUE)
    byte[] answer(@RequestBody byte[] body) {
      return NOTHING;
    }
  }
}
