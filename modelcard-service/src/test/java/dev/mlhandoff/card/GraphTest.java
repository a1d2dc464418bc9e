package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.card.figures.Graph;
import dev.mlhandoff.card.figures.Graph.Node;
import dev.mlhandoff.card.figures.Graph.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {

  @Test
  void everyNodeStandsBelowWhatItReadsAndNoTwoOverlap() {
    List<Node> nodes =
        List.of(
            new Node("customers", "", List.of()),
            new Node("events", "", List.of("elsewhere")),
            new Node("typed", "", List.of("events")),
            new Node("valid", "", List.of("typed", "customers")),
            new Node("all", "", List.of("valid", "customers")));
    Graph graph = new Graph(nodes);

    for (Node node : nodes) {
      for (String input : node.inputs()) {
        graph.places().stream()
            .filter(place -> place.node().name().equals(input))
            .forEach(
                above ->
                    assertThat(place(graph, node.name()).y())
                        .isGreaterThan(above.y() + Graph.nodeHeight()));
      }
    }
    assertThat(graph.edges()).hasSize(5);
    for (Place one : graph.places()) {
      assertThat(one.x()).isBetween(0.0, (double) graph.width() - Graph.nodeWidth());
      assertThat(one.y()).isBetween(0.0, (double) graph.height() - Graph.nodeHeight());
      assertThat(graph.places()).filteredOn(other -> near(one, other)).hasSize(1);
    }
    assertThat(place(graph, "customers").source()).isTrue();
    assertThat(place(graph, "all").result()).isTrue();
  }

  private static Place place(Graph graph, String name) {
    return graph.places().stream()
        .filter(place -> place.node().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static boolean near(Place one, Place other) {
    return one.y() == other.y() && Math.abs(one.x() - other.x()) < Graph.nodeWidth();
  }
}
