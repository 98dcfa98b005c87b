package org.xrv.converter.torchscript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.xrv.core.graph.Parameter;

/**
 * A module of a TorchScript archive: its tensors and its modules by name, so that a state dict has
 * the names of the parameters. "layer1.0.conv1.weight" is the tensor weight of conv1 of 0 of
 * layer1.
 */
final class ModuleTree {
  /** Names that a module has without its tensors. */
  private static final Set<String> TAKEN = Set.of("training", "_is_full_backward_hook", "");

  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Words that cannot stand behind a dot in a program. */
  private static final Set<String> WORDS =
      Set.of(
          "False",
          "None",
          "True",
          "and",
          "as",
          "assert",
          "break",
          "class",
          "continue",
          "def",
          "del",
          "elif",
          "else",
          "except",
          "finally",
          "for",
          "from",
          "global",
          "if",
          "import",
          "in",
          "inf",
          "is",
          "lambda",
          "nan",
          "not",
          "or",
          "pass",
          "raise",
          "return",
          "try",
          "while",
          "with",
          "yield");

  private final Map<String, Parameter> tensors = new LinkedHashMap<>();
  private final Map<String, ModuleTree> modules = new LinkedHashMap<>();

  private ModuleTree() {}

  /**
   * The tree of parameters by the dots in their names.
   *
   * @param methods names that the top module cannot give to anything else
   * @return nothing when the names are no tree: one is the beginning of another
   */
  static Optional<ModuleTree> nested(Iterable<Parameter> parameters, Set<String> methods) {
    ModuleTree top = new ModuleTree();
    for (Parameter p : parameters) {
      ModuleTree at = top;
      String[] path = p.name().split("\\.", -1);
      for (int i = 0; i < path.length; i++) {
        boolean last = i == path.length - 1;
        if (TAKEN.contains(path[i])
            || !path[i].matches("[^\"\\\\\\p{Cntrl}]+")
            || (at == top && methods.contains(path[i]))
            || at.tensors.containsKey(path[i])
            || (last && at.modules.containsKey(path[i]))) {
          return Optional.empty();
        }
        if (last) {
          at.tensors.put(path[i], p);
        } else {
          at = at.modules.computeIfAbsent(path[i], n -> new ModuleTree());
        }
      }
    }
    return Optional.of(top);
  }

  /** One module with all parameters, under the names p0, p1 ... */
  static ModuleTree flat(Iterable<Parameter> parameters) {
    ModuleTree top = new ModuleTree();
    for (Parameter p : parameters) {
      top.tensors.put("p" + top.tensors.size(), p);
    }
    return top;
  }

  Map<String, Parameter> tensors() {
    return tensors;
  }

  Map<String, ModuleTree> modules() {
    return modules;
  }

  /** By parameter name, how a method of the top module writes it. */
  Map<String, String> expressions() {
    Map<String, String> result = new LinkedHashMap<>();
    collect("self", result);
    return result;
  }

  private void collect(String self, Map<String, String> into) {
    tensors.forEach((name, p) -> into.put(p.name(), member(self, name)));
    modules.forEach((name, module) -> module.collect(member(self, name), into));
  }

  private static String member(String of, String name) {
    return isIdentifier(name) ? of + "." + name : "getattr(" + of + ", \"" + name + "\")";
  }

  private static boolean isIdentifier(String name) {
    return IDENTIFIER.matcher(name).matches() && !WORDS.contains(name);
  }

  /**
   * The classes of all modules, the top one's being Net.
   *
   * @param methods source text of the top module's methods
   */
  String classes(String methods) {
    StringBuilder text = new StringBuilder();
    write("Net", methods, text);
    return text.toString();
  }

  /** The class of a module within the one of the given class. */
  static String childClass(String parent, int index) {
    return parent + "_" + index;
  }

  private void write(String name, String methods, StringBuilder text) {
    int index = 0;
    List<String> lines = new ArrayList<>();
    lines.add("class " + name + "(Module):");
    lines.add("  __parameters__ = [" + quoted(true) + "]");
    lines.add("  __buffers__ = [" + quoted(false) + "]");
    lines.add("  __annotations__ = []");
    tensors.keySet().forEach(t -> lines.add(attribute(t, "Tensor")));
    lines.add("  training : bool");
    lines.add("  _is_full_backward_hook : Optional[bool]");
    for (var module : modules.entrySet()) {
      String child = childClass(name, index++);
      lines.add(attribute(module.getKey(), "__torch__." + child));
      module.getValue().write(child, "", text);
    }
    // What a class refers to is written before it.
    text.append(String.join("\n", lines)).append('\n').append(methods);
  }

  private static String attribute(String name, String type) {
    return isIdentifier(name)
        ? "  " + name + " : " + type
        : "  __annotations__[\"" + name + "\"] = " + type;
  }

  private String quoted(boolean trainable) {
    StringBuilder names = new StringBuilder();
    tensors.forEach(
        (name, p) -> {
          if (p.kind().trainable() == trainable) {
            names.append('"').append(name).append("\", ");
          }
        });
    return names.toString();
  }
}
