package org.xrv.converter.torch;

import java.util.Optional;

/**
 * An object of any class, inert: the class's name, what its attributes were, and what it contained
 * if it was a kind of list or dict. No class is looked for.
 */
final class PickleObject {
  private final GlobalName type;
  private final PickleList items = new PickleList(new java.util.ArrayList<>(0));
  private final PickleDict entries = new PickleDict();
  private Object state = PickleNone.NONE;

  PickleObject(GlobalName type) {
    this.type = type;
  }

  GlobalName type() {
    return type;
  }

  PickleList items() {
    return items;
  }

  PickleDict entries() {
    return entries;
  }

  void build(Object newState) {
    state = newState;
  }

  /** An attribute. */
  Optional<Object> attribute(String name) {
    if (state instanceof PickleDict dict) {
      return dict.get(name);
    }
    // (attributes, slots)
    if (state instanceof PickleList pair
        && pair.items().size() == 2
        && pair.items().get(0) instanceof PickleDict dict) {
      return dict.get(name);
    }
    return Optional.empty();
  }
}
