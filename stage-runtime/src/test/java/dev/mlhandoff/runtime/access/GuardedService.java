package dev.mlhandoff.runtime.access;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A web service with a handler of every kind. */
@SpringBootConfiguration
@ImportAutoConfiguration({
  TomcatServletWebServerAutoConfiguration.class,
  DispatcherServletAutoConfiguration.class,
  WebMvcAutoConfiguration.class,
  ErrorMvcAutoConfiguration.class,
  AccessAutoConfiguration.class
})
class GuardedService {

  /** Found as a member of the configuration. */
  @RestController
  static final class Handlers {

    /** How often anything was changed. */
    final AtomicInteger changes = new AtomicInteger();

    @GetMapping("/look")
    String look(
        @RequestAttribute(name = Caller.ATTRIBUTE, required = false) @Nullable Caller caller) {
      return Caller.name(caller, "nobody");
    }

    @PostMapping("/ask")
    @ChangesNothing
    String ask() {
      return "answer";
    }

    @PostMapping("/order")
    @RequiresRole(Role.REQUESTER)
    String order() {
      return "ordered " + changes.incrementAndGet();
    }

    @PostMapping("/approve")
    @RequiresRole(Role.APPROVER)
    String approve(
        @RequestParam String who,
        @RequestAttribute(name = Caller.ATTRIBUTE, required = false) @Nullable Caller caller) {
      changes.incrementAndGet();
      return "approved by " + Caller.name(caller, who);
    }

    @PostMapping("/forgotten")
    String forgotten() {
      return "changed " + changes.incrementAndGet();
    }

    @PostMapping("/fails")
    @ChangesNothing
    String fails() {
      throw new IllegalStateException("as it is meant to");
    }
  }
}
