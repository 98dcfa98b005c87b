package org.xrv.trainer.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.xrv.converter.torchscript.TrainingProgram;

/**
 * A program and the weights it reads on one device. Of the replicas of a session the first one's
 * weights are the true ones, which the optimizer changes; the others copy them after each step.
 */
final class DjlReplica implements AutoCloseable {
  final NDManager manager;
  final DjlProgram loaded;

  /** By group. */
  final List<NDList> parameters = new ArrayList<>();

  NDList rest = new NDList();

  DjlReplica(NDManager manager, TrainingProgram program) {
    this.manager = manager;
    this.loaded = new DjlProgram(manager, program.archive());
  }

  /**
   * What a part of a batch gives.
   *
   * @param gradients of all parameters, in the order of the groups
   * @param statistics the running statistics as this part changes them
   */
  record Part(NDArray loss, NDList gradients, NDList statistics) {
    /** The same on another device, in a scope that is there. */
    Part in(NDManager scope) {
      return new Part(moved(loss, scope), moved(gradients, scope), moved(statistics, scope));
    }
  }

  /**
   * Loss and gradients of a part of a batch; the replica stays as it is.
   *
   * @param scope of this device, which the result belongs to
   */
  Part part(NDManager scope, NDArray x, NDArray t) {
    NDList statistics = copied(rest, scope);
    List<NDList> lists = new ArrayList<>();
    for (int g = 0; g < parameters.size(); g++) {
      lists.add(DjlProgram.list("p" + g, parameters.get(g)));
    }
    lists.add(DjlProgram.list("s", statistics));
    NDList results = loaded.call("part", List.of(x, t), lists);
    return new Part(results.get(0), new NDList(results.subList(1, results.size())), statistics);
  }

  /** Takes over the weights of another replica. */
  void follow(DjlReplica leader) {
    NDList before = new NDList();
    parameters.forEach(before::addAll);
    before.addAll(rest);
    parameters.clear();
    leader.parameters.forEach(list -> parameters.add(copied(list, manager)));
    rest = copied(leader.rest, manager);
    before.close();
  }

  /** Copies, in the order in memory of the originals, on the scope's device. */
  static NDList copied(NDList list, NDManager scope) {
    NDList copies = new NDList();
    for (NDArray array : list) {
      NDArray copy =
          array.getDevice().equals(scope.getDevice())
              ? array.duplicate()
              : array.toDevice(scope.getDevice(), true);
      copy.attach(scope);
      copies.add(copy);
    }
    return copies;
  }

  private static NDList moved(NDList list, NDManager scope) {
    NDList there = new NDList();
    list.forEach(array -> there.add(moved(array, scope)));
    return there;
  }

  private static NDArray moved(NDArray array, NDManager scope) {
    Device device = scope.getDevice();
    if (array.getDevice().equals(device)) {
      array.attach(scope);
      return array;
    }
    NDArray there = array.toDevice(device, false);
    there.attach(scope);
    array.close();
    return there;
  }

  @Override
  public void close() {
    manager.close();
  }
}
