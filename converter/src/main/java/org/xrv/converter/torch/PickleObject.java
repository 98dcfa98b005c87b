package org.xrv.converter.torch;

import java.util.List;
import java.util.Optional;

/**
 * An object of any class, inert: the class's name, what its attributes were, and what it contained
 * if it was a kind of list or dict. No class is looked for.
 */
final class PickleObject {
  private static final List<String> OF_NETWORKS = List.of("_modules", "_parameters");

  private final GlobalName type;
  private PickleList items;
  private PickleDict entries;
  private Object state = PickleNone.NONE;

  PickleObject(GlobalName type) {
    this.type = type;
  }

  GlobalName type() {
    return type;
  }

  PickleList items() {
    if (items == null) {
      items = new PickleList(new java.util.ArrayList<>(0));
    }
    return items;
  }

  PickleDict entries() {
    if (entries == null) {
      entries = new PickleDict();
    }
    return entries;
  }

  void build(Object newState) {
    state = newState;
  }

  /** An attribute. */
  Optional<Object> attribute(String name) {
    return attributes().flatMap(a -> a.get(name));
  }

  /** What its attributes are, where it has a dict of them. */
  Optional<PickleDict> attributes() {
    if (state instanceof PickleDict dict) {
      return Optional.of(dict);
    }
    // (attributes, slots)
    if (state instanceof PickleList pair
        && pair.items().size() == 2
        && pair.items().get(0) instanceof PickleDict dict) {
      return Optional.of(dict);
    }
    return Optional.empty();
  }

  /** Whether it has what every torch.nn.Module has, whatever its class is called. */
  boolean isNetwork() {
    return OF_NETWORKS.stream().allMatch(name -> attribute(name).isPresent());
  }
}
