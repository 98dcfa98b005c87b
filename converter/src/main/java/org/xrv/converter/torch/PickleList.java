package org.xrv.converter.torch;

import java.util.ArrayList;
import java.util.List;

/** A Python list, tuple or set. It may contain itself: it has no equality but its own. */
final class PickleList {
  private final List<Object> items;

  PickleList() {
    this(new ArrayList<>());
  }

  /** Takes the list over. */
  PickleList(List<Object> items) {
    this.items = items;
  }

  List<Object> items() {
    return items;
  }
}
