package dev.mlhandoff.card.figures;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A directed acyclic graph laid out in layers from top to bottom (Sugiyama, Tagawa and Toda 1981):
 * every node stands below what it reads, and a long edge passes each layer in a gap of its own.
 */
public final class Graph {

  private static final int WIDTH = 190;
  private static final int HEIGHT = 46;
  private static final int BEND = 18;
  private static final int GAP = 22;
  private static final int LAYER = 84;
  private static final int SWEEPS = 4;

  /**
   * What a node is.
   *
   * @param inputs names of the nodes that it reads; those that are not there are left out
   */
  public record Node(String name, String text, List<String> inputs) {}

  /** A node in its place, in pixels from the upper left corner. */
  public record Place(Node node, double x, double y, boolean source, boolean result) {}

  /** Something that stands in a layer: a node, or where an edge bends. */
  private static final class Slot {
    private final int layer;
    private final int width;
    private final List<Slot> above = new ArrayList<>();
    private final List<Slot> below = new ArrayList<>();
    private double x;

    private Slot(int layer, int width) {
      this.layer = layer;
      this.width = width;
    }
  }

  private final Map<Node, Slot> slots = new LinkedHashMap<>();
  private final List<List<Slot>> layers = new ArrayList<>();
  private final List<String> edges = new ArrayList<>();
  private int width = WIDTH;

  /**
   * Lays the nodes out.
   *
   * @param nodes every node after those that it reads
   */
  public Graph(List<Node> nodes) {
    Map<String, Slot> byName = new HashMap<>();
    List<List<Slot>> paths = new ArrayList<>();
    for (Node node : nodes) {
      List<Slot> inputs =
          node.inputs().stream().filter(byName::containsKey).map(byName::get).toList();
      int layer = inputs.stream().mapToInt(slot -> slot.layer + 1).max().orElse(0);
      Slot slot = slot(layer, WIDTH);
      slots.put(node, slot);
      byName.put(node.name(), slot);
      inputs.forEach(input -> paths.add(path(input, slot)));
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      arrange(sweep % 2 == 0);
    }
    paths.forEach(path -> edges.add(curve(path)));
  }

  /** The nodes in their places. */
  public List<Place> places() {
    List<Place> places = new ArrayList<>();
    slots.forEach(
        (node, slot) ->
            places.add(
                new Place(
                    node,
                    slot.x - WIDTH / 2.0,
                    top(slot),
                    slot.above.isEmpty(),
                    slot.below.isEmpty())));
    return places;
  }

  /** Each edge as the data of an SVG path. */
  public List<String> edges() {
    return List.copyOf(edges);
  }

  public int width() {
    return width;
  }

  public int height() {
    return Math.max(0, layers.size() - 1) * LAYER + HEIGHT + 2;
  }

  public static int nodeWidth() {
    return WIDTH;
  }

  public static int nodeHeight() {
    return HEIGHT;
  }

  private Slot slot(int layer, int slotWidth) {
    while (layers.size() <= layer) {
      layers.add(new ArrayList<>());
    }
    Slot slot = new Slot(layer, slotWidth);
    layers.get(layer).add(slot);
    return slot;
  }

  private List<Slot> path(Slot from, Slot to) {
    List<Slot> path = new ArrayList<>(List.of(from));
    for (int layer = from.layer + 1; layer < to.layer; layer++) {
      path.add(slot(layer, BEND));
    }
    path.add(to);
    for (int i = 1; i < path.size(); i++) {
      path.get(i - 1).below.add(path.get(i));
      path.get(i).above.add(path.get(i - 1));
    }
    return path;
  }

  /** Orders every layer by where its neighbours stand, and centres it. */
  private void arrange(boolean down) {
    for (int i = 0; i < layers.size(); i++) {
      List<Slot> layer = layers.get(down ? i : layers.size() - 1 - i);
      layer.sort(Comparator.comparingDouble(slot -> middle(slot, down ? slot.above : slot.below)));
    }
    width = layers.stream().mapToInt(Graph::widthOf).max().orElse(WIDTH);
    for (List<Slot> layer : layers) {
      double x = (width - widthOf(layer)) / 2.0;
      for (Slot slot : layer) {
        slot.x = x + slot.width / 2.0;
        x += slot.width + GAP;
      }
    }
  }

  private static double middle(Slot slot, List<Slot> neighbours) {
    return neighbours.stream().mapToDouble(other -> other.x).average().orElse(slot.x);
  }

  private static int widthOf(List<Slot> layer) {
    return layer.stream().mapToInt(slot -> slot.width + GAP).sum() - GAP;
  }

  private static int top(Slot slot) {
    return slot.layer * LAYER + 1;
  }

  private static String curve(List<Slot> path) {
    StringBuilder data = new StringBuilder();
    Slot from = path.get(0);
    data.append(String.format(Locale.ROOT, "M%.1f %d", from.x, top(from) + HEIGHT));
    int y = top(from) + HEIGHT;
    for (Slot to : path.subList(1, path.size())) {
      int end = top(to) - (to.width == WIDTH ? 6 : 0);
      int bend = (y + end) / 2;
      data.append(
          String.format(
              Locale.ROOT, " C%.1f %d %.1f %d %.1f %d", from.x, bend, to.x, bend, to.x, end));
      if (to.width != WIDTH) {
        data.append(String.format(Locale.ROOT, " V%d", top(to) + HEIGHT));
        end = top(to) + HEIGHT;
      }
      y = end;
      from = to;
    }
    return data.toString();
  }
}
