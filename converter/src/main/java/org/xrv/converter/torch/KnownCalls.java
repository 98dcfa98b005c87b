package org.xrv.converter.torch;

import java.util.List;
import java.util.Set;

/**
 * What pickles of PyTorch call, done here without calling anything: containers, tensors, and a few
 * things that are kept as inert objects because no weight is in them. Whatever else a file wants to
 * call is refused by its name.
 */
final class KnownCalls {
  private static final Set<String> DICTS =
      Set.of("collections.OrderedDict", "collections.defaultdict", "builtins.dict");

  private static final Set<String> LISTS =
      Set.of(
          "builtins.list",
          "builtins.tuple",
          "builtins.set",
          "builtins.frozenset",
          "collections.deque",
          "torch.Size");

  /** Settings and learning curves that checkpoints often hold beside the weights. */
  private static final Set<String> INERT =
      Set.of(
          "torch.device",
          "torch.serialization._get_layout",
          "collections.Counter",
          "builtins.bytearray",
          "builtins.complex",
          "builtins.slice",
          "_codecs.encode",
          // Of every module until PyTorch 1.4: an empty table of functions
          "torch.nn.backends.thnn._get_thnn_function_backend",
          // Settings of training scripts
          "argparse.Namespace",
          "types.SimpleNamespace",
          "pathlib.PosixPath",
          "pathlib.WindowsPath",
          "pathlib.PurePosixPath",
          "datetime.datetime",
          "datetime.timedelta",
          // Hyperparameters of Lightning, a kind of dict
          "pytorch_lightning.utilities.parsing.AttributeDict",
          "lightning_fabric.utilities.data.AttributeDict",
          "lightning.fabric.utilities.data.AttributeDict",
          "numpy.dtype",
          "numpy.core.multiarray.scalar",
          "numpy._core.multiarray.scalar",
          "numpy.core.multiarray._reconstruct",
          "numpy._core.multiarray._reconstruct");

  private KnownCalls() {}

  /** The names of Python 2's modules under those of Python 3. */
  private static String modern(GlobalName name) {
    return name.module().equals("__builtin__") ? "builtins." + name.name() : name.toString();
  }

  /** Whether objects of a class are let be although no weight is in them. */
  static boolean isInert(GlobalName type) {
    return INERT.contains(modern(type));
  }

  /** What a function returns. */
  static Object call(GlobalName function, List<Object> args) {
    String name = modern(function);
    if (DICTS.contains(name)) {
      return dict(args);
    }
    if (LISTS.contains(name)) {
      return args.size() == 1 && args.get(0) instanceof PickleList given ? given : new PickleList();
    }
    if (INERT.contains(name)) {
      return new PickleObject(function);
    }
    return switch (name) {
      case "torch._utils._rebuild_tensor" -> tensor(args, 4, null);
      case "torch._utils._rebuild_tensor_v2" -> tensor(args, 6, null);
      case "torch._utils._rebuild_tensor_v3" -> tensor(args, 7, dtype(args, 6));
      case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" ->
          existing(args);
      case "torch._tensor._rebuild_from_type_v2" -> rebuilt(args);
      case "copyreg._reconstructor", "copy_reg._reconstructor" -> reconstructed(args);
      default -> throw refused(function);
    };
  }

  /** A new object of a class, before its attributes. */
  static Object instance(GlobalName type, PickleList args) {
    String name = modern(type);
    if (DICTS.contains(name) || LISTS.contains(name) || INERT.contains(name)) {
      return call(type, args.items());
    }
    // Whole networks are objects of anybody's classes; PyTorch makes them without arguments.
    // Whether
    // this is one is seen when its attributes are there.
    if (!args.items().isEmpty()) {
      throw refused(type);
    }
    return new PickleObject(type);
  }

  static Unreadable refused(GlobalName name) {
    return Unreadable.refused(
        "refuses to load "
            + name
            + ": weights need no program; save them with torch.save(model.state_dict(), FILE)");
  }

  private static PickleDict dict(List<Object> args) {
    PickleDict dict = new PickleDict();
    for (Object arg : args) {
      if (arg instanceof PickleDict given) {
        return given; // not a copy, which a hostile file would ask for without end
      } else if (arg instanceof PickleList pairs) {
        for (Object pair : pairs.items()) {
          if (!(pair instanceof PickleList both) || both.items().size() != 2) {
            throw Unreadable.damaged("its pickle makes a dict of what are no pairs");
          }
          dict.put(both.items().get(0), both.items().get(1));
        }
      }
    }
    return dict;
  }

  private static TorchTensor tensor(List<Object> args, int least, TorchType stated) {
    if (args.size() < least) {
      throw Unreadable.damaged("a tensor made of " + args.size() + " values in its pickle");
    }
    long offset = number(args.get(1));
    StorageRef storage;
    if (args.get(0) instanceof StorageRef whole) {
      storage = whole;
    } else if (args.get(0) instanceof StorageView view) {
      storage = view.root();
      offset = Math.addExact(offset, view.offset());
    } else {
      throw Unreadable.damaged("a tensor without a storage in its pickle");
    }
    return new TorchTensor(
        storage,
        stated == null ? storage.type() : stated,
        offset,
        numbers(args.get(2)),
        numbers(args.get(3)));
  }

  private static TorchType dtype(List<Object> args, int index) {
    if (args.size() > index && args.get(index) instanceof GlobalName name) {
      return TorchType.ofDtype(name)
          .orElseThrow(
              () -> Unreadable.refused("tensors of type " + name + " are not read; use float32"));
    }
    throw Unreadable.damaged("a tensor without a type in its pickle");
  }

  private static TorchTensor existing(List<Object> args) {
    if (args.isEmpty() || !(args.get(0) instanceof TorchTensor tensor)) {
      throw Unreadable.damaged("a parameter without a tensor in its pickle");
    }
    return tensor;
  }

  private static Object rebuilt(List<Object> args) {
    if (args.size() < 3
        || !(args.get(0) instanceof GlobalName function)
        || !(args.get(2) instanceof PickleList inner)
        // Not itself: a list that contains itself would go on for ever
        || !function.module().equals("torch._utils")) {
      throw Unreadable.damaged("a tensor made of nothing that is known in its pickle");
    }
    return call(function, inner.items());
  }

  private static Object reconstructed(List<Object> args) {
    if (args.size() == 3
        && args.get(0) instanceof GlobalName type
        && args.get(1) instanceof GlobalName base
        && modern(base).equals("builtins.object")) {
      return new PickleObject(type);
    }
    throw Unreadable.refused("refuses to load an object of " + args.size() + " parts");
  }

  private static long number(Object value) {
    if (value instanceof Long number) {
      return number;
    }
    throw Unreadable.damaged("a tensor with a size or offset that is no number in its pickle");
  }

  private static List<Long> numbers(Object value) {
    if (!(value instanceof PickleList list)) {
      throw Unreadable.damaged("a tensor without sizes in its pickle");
    }
    return list.items().stream().map(KnownCalls::number).toList();
  }
}
