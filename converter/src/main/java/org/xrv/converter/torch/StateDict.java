package org.xrv.converter.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tensors of a checkpoint by name, wherever in the saved value they are.
 *
 * @param found where they were, in words
 * @param network what the network said of itself; unknown where only its tensors were saved
 */
record StateDict(Map<String, TorchTensor> tensors, String found, NetworkAttributes network) {
  /** Where training scripts put the weights beside epoch, optimizer and so on. */
  private static final List<String> KEYS =
      List.of("state_dict", "model_state_dict", "model", "net", "network", "weights");

  /**
   * What wrappers put before every name: DataParallel, torch.compile; and what Lightning's modules
   * call the network that they train.
   */
  private static final List<String> PREFIXES =
      List.of("module.", "_orig_mod.", "model.", "net.", "network.");

  /** Wrappers in wrappers. */
  private static final int MOST_PREFIXES = 8;

  private static final int LONGEST_NAME = 1_000;
  private static final int DEEPEST = 64;
  private static final int MOST_MODULES = 20_000;
  private static final int MOST_ENTRIES = 1_000_000;
  private static final int MOST_TENSORS = 100_000;

  StateDict {
    tensors = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Looks for the weights in what was saved: a state dict, a dict that holds one or a network, or a
   * network.
   */
  static StateDict in(Object root) {
    Object value = root;
    String where = "";
    for (int depth = 0; depth < 4; depth++) {
      if (value instanceof PickleObject object && object.isNetwork()) {
        Map<String, TorchTensor> tensors = new LinkedHashMap<>();
        module("", object, 0, new int[2], tensors);
        if (tensors.isEmpty()) {
          throw Unreadable.refused("holds no weights: its network " + object.type() + " has none");
        }
        return unwrapped(
            tensors, "network of class " + object.type() + where, NetworkAttributes.of(object));
      }
      if (!(value instanceof PickleDict) && !(value instanceof PickleObject)) {
        break;
      }
      Map<String, Object> entries =
          value instanceof PickleDict dict
              ? dict.texts()
              : ((PickleObject) value).entries().texts();
      String inner = KEYS.stream().filter(k -> holds(entries.get(k))).findFirst().orElse(null);
      if (inner == null) {
        return plain(entries, where);
      }
      value = entries.get(inner);
      where = " under '" + inner + "'";
    }
    throw Unreadable.refused("holds no weights by name; save model.state_dict()");
  }

  private static boolean holds(Object value) {
    return value instanceof PickleDict || value instanceof PickleObject;
  }

  private static StateDict plain(Map<String, Object> entries, String where) {
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    entries.forEach(
        (name, value) -> {
          if (value instanceof TorchTensor tensor) {
            put(name, tensor, tensors);
          }
        });
    if (tensors.isEmpty()) {
      throw Unreadable.refused(
          "holds no weights"
              + where
              + "; it has "
              + (entries.isEmpty()
                  ? "nothing"
                  : entries.keySet().stream().limit(8).collect(Collectors.joining(", ")))
              + "; save model.state_dict(), alone or as 'state_dict'");
    }
    return unwrapped(tensors, "state dict" + where, NetworkAttributes.UNKNOWN);
  }

  private static final List<String> KINDS = List.of("_parameters", "_buffers", "_modules");

  /** A network in itself would otherwise make names of any length. */
  private static String checked(String name) {
    if (name.length() > LONGEST_NAME) {
      throw Unreadable.damaged("it has a name of " + name.length() + " characters");
    }
    return name;
  }

  /** torch.nn.Module: its own parameters and buffers, then those of the modules in it. */
  private static void module(
      String prefix, PickleObject object, int depth, int[] visits, Map<String, TorchTensor> into) {
    // A file may put a module into itself, or one twice into each of the next ones.
    if (depth > DEEPEST || ++visits[0] > MOST_MODULES) {
      throw Unreadable.damaged(
          "its network is nested more than "
              + DEEPEST
              + " deep or has more than "
              + MOST_MODULES
              + " modules");
    }
    for (String kind : KINDS) {
      visits[1] += entries(object, kind).size();
    }
    if (visits[1] > MOST_ENTRIES) {
      throw Unreadable.damaged("its network has more than " + MOST_ENTRIES + " parts");
    }
    Set<String> notSaved =
        object.attribute("_non_persistent_buffers_set").map(StateDict::texts).orElse(Set.of());
    for (String kind : KINDS.subList(0, 2)) {
      entries(object, kind)
          .forEach(
              (name, value) -> {
                if (value instanceof TorchTensor tensor && !notSaved.contains(name)) {
                  put(prefix + checked(name), tensor, into);
                }
              });
    }
    entries(object, "_modules")
        .forEach(
            (name, value) -> {
              if (value instanceof PickleObject child) {
                module(prefix + checked(name) + ".", child, depth + 1, visits, into);
              }
            });
  }

  private static void put(String name, TorchTensor tensor, Map<String, TorchTensor> into) {
    into.put(name, tensor);
    checked(name);
    if (into.size() > MOST_TENSORS) {
      throw Unreadable.damaged("it holds more than " + MOST_TENSORS + " tensors");
    }
  }

  private static Map<String, Object> entries(PickleObject object, String attribute) {
    return object
        .attribute(attribute)
        .map(
            value ->
                value instanceof PickleDict dict
                    ? dict.texts()
                    // OrderedDict's own state is nothing; a subclass keeps its entries
                    : value instanceof PickleObject other
                        ? other.entries().texts()
                        : Map.<String, Object>of())
        .orElse(Map.of());
  }

  private static Set<String> texts(Object value) {
    return value instanceof PickleList list
        ? list.items().stream()
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .collect(Collectors.toSet())
        : Set.of();
  }

  private static StateDict unwrapped(
      Map<String, TorchTensor> tensors, String found, NetworkAttributes network) {
    Map<String, TorchTensor> names = tensors;
    List<String> removed = new ArrayList<>();
    for (Optional<String> prefix = prefix(names);
        prefix.isPresent() && removed.size() < MOST_PREFIXES;
        prefix = prefix(names)) {
      int length = prefix.get().length();
      Map<String, TorchTensor> shorter = new LinkedHashMap<>();
      names.forEach((name, tensor) -> shorter.put(name.substring(length), tensor));
      names = shorter;
      removed.add("'" + prefix.get() + "'");
    }
    return new StateDict(
        names,
        found
            + (removed.isEmpty()
                ? ""
                : ", " + String.join(" and ", removed) + " before each name left out"),
        network);
  }

  /** What every name begins with. */
  private static Optional<String> prefix(Map<String, TorchTensor> names) {
    return PREFIXES.stream()
        .filter(p -> !names.isEmpty() && names.keySet().stream().allMatch(n -> n.startsWith(p)))
        .findFirst();
  }
}
