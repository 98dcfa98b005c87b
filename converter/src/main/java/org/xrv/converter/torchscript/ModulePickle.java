package org.xrv.converter.torchscript;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xrv.core.graph.Parameter;
import org.xrv.core.graph.Shape;

/**
 * The pickle (protocol 2) of a module with its tensors, as torch.jit.save writes it: an instance of
 * a class per module, its attributes as a dictionary; a tensor as a call of _rebuild_tensor_v2 on a
 * storage, which is the record data/N of the archive.
 */
final class ModulePickle {
  private final ByteArrayOutputStream p = new ByteArrayOutputStream();
  private final List<Parameter> storages = new ArrayList<>();

  private ModulePickle() {}

  /**
   * A pickle and the parameters whose values are the records data/0, data/1 ...
   *
   * @param bytes the pickle
   */
  @SuppressWarnings("ArrayRecordComponent") // written to the archive as they are
  record Result(byte[] bytes, List<Parameter> storages) {}

  static Result of(ModuleTree top) {
    ModulePickle pickle = new ModulePickle();
    pickle.p.writeBytes(new byte[] {(byte) 0x80, 2});
    pickle.module(top, "Net");
    pickle.p.write('.');
    return new Result(pickle.p.toByteArray(), List.copyOf(pickle.storages));
  }

  private void module(ModuleTree module, String name) {
    global("__torch__", name);
    p.writeBytes(new byte[] {')', (byte) 0x81, '}', '('});
    module
        .tensors()
        .forEach(
            (tensor, parameter) -> {
              text(tensor);
              tensor(parameter);
            });
    text("training");
    p.write(0x89); // false
    text("_is_full_backward_hook");
    p.write('N');
    int index = 0;
    for (var child : module.modules().entrySet()) {
      text(child.getKey());
      module(child.getValue(), ModuleTree.childClass(name, index++));
    }
    p.writeBytes(new byte[] {'u', 'b'});
  }

  private void tensor(Parameter parameter) {
    Shape shape = parameter.shape();
    global("torch._utils", "_rebuild_tensor_v2");
    p.writeBytes(new byte[] {'(', '('});
    text("storage");
    global("torch", "FloatStorage");
    text(Integer.toString(storages.size()));
    storages.add(parameter);
    text("cpu");
    number(shape.elements());
    p.writeBytes(new byte[] {'t', 'Q'});
    number(0);
    numbers(shape.dims());
    numbers(strides(shape));
    p.write(0x89); // needs no gradient until its owner says so
    global("collections", "OrderedDict");
    p.writeBytes(new byte[] {')', 'R', 't', 'R'});
  }

  private static List<Integer> strides(Shape shape) {
    List<Integer> strides = new ArrayList<>();
    for (int i = 1; i <= shape.rank(); i++) {
      strides.add(i == shape.rank() ? 1 : Math.toIntExact(shape.elementsFrom(i)));
    }
    return strides;
  }

  private void numbers(List<Integer> values) {
    p.write('(');
    values.forEach(this::number);
    p.write('t');
  }

  /** BININT, which is what PyTorch's own reader takes up to 2^31. */
  private void number(long value) {
    int v = Math.toIntExact(value);
    p.writeBytes(new byte[] {'J', (byte) v, (byte) (v >> 8), (byte) (v >> 16), (byte) (v >> 24)});
  }

  private void global(String module, String name) {
    p.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    p.write('X');
    p.writeBytes(
        new byte[] {
          (byte) utf8.length,
          (byte) (utf8.length >> 8),
          (byte) (utf8.length >> 16),
          (byte) (utf8.length >> 24)
        });
    p.writeBytes(utf8);
  }
}
