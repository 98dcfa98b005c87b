package org.xrv.trainer.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A TorchScript archive loaded into PyTorch, with its methods callable. The block lives as long as
 * its manager.
 */
final class DjlProgram {
  private final NDManager manager;
  private final PtSymbolBlock block;

  DjlProgram(NDManager manager, byte[] archive) {
    this.manager = manager;
    try {
      this.block =
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array in memory does not fail
    }
  }

  /**
   * Calls a method with gradients allowed; results attach to the manager of the first argument.
   *
   * @param tensors the leading single-tensor arguments
   * @param lists the list arguments after them, in order; each array must carry the name {@link
   *     #listName} of its list
   */
  NDList call(String method, List<NDArray> tensors, List<NDList> lists) {
    NDList arguments = new NDList();
    tensors.forEach(t -> t.setName(null)); // a stale name would change how DJL packs the argument
    arguments.addAll(tensors);
    lists.forEach(arguments::addAll);
    try (NDArray marker = manager.create(0f)) {
      marker.setName("module_method:" + method);
      arguments.add(marker);
      JniUtils.setGradMode(
          true); // of this thread; DJL leaves it off outside its own gradient collector
      return IValueUtils.forward(block, arguments, true);
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  /**
   * A list argument, whose arrays are named for it.
   *
   * @param arrays not in two arguments of one call
   */
  static NDList list(String name, NDList arrays) {
    arrays.forEach(a -> a.setName(listName(name)));
    return arrays;
  }

  /** DJL packs arrays that share a name ending in [] into one list argument. */
  static String listName(String list) {
    return list + "[]";
  }
}
