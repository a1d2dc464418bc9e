package dev.mlhandoff.card;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the board.
 *
 * @param hosts names, without port, by which the board takes requests and decisions
 */
@ConfigurationProperties("handoff.card")
record BoardProperties(@DefaultValue({"localhost", "127.0.0.1", "[::1]"}) List<String> hosts) {}
