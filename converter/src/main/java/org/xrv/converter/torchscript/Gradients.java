package org.xrv.converter.torchscript;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Which variables hold the gradients of which values while a backward pass is written. */
final class Gradients {
  /**
   * A gradient.
   *
   * @param owned whether nothing else reads the variable, so that it may be overwritten
   */
  record Gradient(String name, boolean owned) {}

  private final Map<String, Gradient> values = new HashMap<>();
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Consumer<String> line;
  private final Supplier<String> fresh;

  Gradients(Consumer<String> line, Supplier<String> fresh) {
    this.line = line;
    this.fresh = fresh;
  }

  /** The finished gradient of a value; empty when nothing depends on it. */
  Optional<Gradient> take(String value) {
    return Optional.ofNullable(values.remove(value));
  }

  /** Adds one consumer's part to the gradient of a value. */
  void add(String value, String name, boolean owned) {
    Gradient earlier = values.get(value);
    if (earlier == null) {
      values.put(value, new Gradient(name, owned));
      return;
    }
    String sum = fresh.get();
    String into = earlier.owned() ? earlier.name() : name;
    String other = earlier.owned() ? name : earlier.name();
    String add = earlier.owned() || owned ? "torch.add_(" : "torch.add(";
    line.accept(sum + " = " + add + into + ", " + other + ")");
    values.put(value, new Gradient(sum, true));
  }

  void addParameter(String parameter, String name) {
    String earlier = parameters.get(parameter);
    if (earlier == null) {
      parameters.put(parameter, name);
      return;
    }
    String sum = fresh.get();
    line.accept(sum + " = torch.add_(" + earlier + ", " + name + ")");
    parameters.put(parameter, sum);
  }

  Map<String, String> ofParameters() {
    return parameters;
  }
}
