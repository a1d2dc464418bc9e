package dev.mlhandoff.card;

import dev.mlhandoff.runtime.access.AccessProperties;
import dev.mlhandoff.runtime.access.Caller;
import dev.mlhandoff.runtime.access.ChangesNothing;
import dev.mlhandoff.runtime.access.Tokens;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Takes a token from a person, for as long as their browser stays open. */
@RestController
class SignInController {

  /** Pages of the board, and of nobody else. */
  private static final Pattern OWN_PATH = Pattern.compile("/(board/[\\w/-]*)?");

  private final AccessProperties access;
  private final Tokens tokens;

  SignInController(AccessProperties access) {
    this.access = access;
    this.tokens = new Tokens(access.tokens());
  }

  @GetMapping("/board/sign-in")
  ResponseEntity<byte[]> form(
      @RequestParam(defaultValue = "/") String to,
      @RequestAttribute(name = Caller.ATTRIBUTE, required = false) @Nullable Caller caller) {
    return page(HttpStatus.OK, caller, to, "");
  }

  @PostMapping("/board/sign-in")
  @ChangesNothing
  ResponseEntity<byte[]> signIn(
      @RequestParam String token,
      @RequestParam(defaultValue = "/") String to,
      HttpServletRequest request) {
    String stripped = token.strip();
    return tokens
        .holder(stripped)
        .map(holder -> seeOther(own(to), TokenCookie.of(stripped, request.isSecure())))
        .orElseGet(() -> page(HttpStatus.UNAUTHORIZED, null, to, "Nobody holds this token."));
  }

  @PostMapping("/board/sign-out")
  @ChangesNothing
  ResponseEntity<byte[]> signOut() {
    return seeOther("/board/sign-in", TokenCookie.none());
  }

  private ResponseEntity<byte[]> page(
      HttpStatus status, @Nullable Caller caller, String to, String problem) {
    Visitor visitor = new Visitor(access.guarded(), caller);
    return Html.answer(
        status,
        Html.of((out, tags) -> JtesigninGenerated.render(out, tags, visitor, own(to), problem)));
  }

  private static String own(String path) {
    return OWN_PATH.matcher(path).matches() ? path : "/";
  }

  private static ResponseEntity<byte[]> seeOther(String path, ResponseCookie cookie) {
    return ResponseEntity.status(HttpStatus.SEE_OTHER)
        .location(URI.create(path))
        .header("Set-Cookie", cookie.toString())
        .header("Cache-Control", "no-store")
        .build();
  }
}
