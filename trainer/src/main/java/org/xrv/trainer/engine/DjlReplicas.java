package org.xrv.trainer.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.xrv.converter.torchscript.Precision;
import org.xrv.converter.torchscript.TrainingProgram;
import org.xrv.core.error.Outcomes;
import org.xrv.core.tensor.FloatTensor;

/**
 * Replicas of a network, one for each device. The parts of a batch go round them; what they give is
 * summed on the first device in the order of the parts, whatever the number of devices.
 */
final class DjlReplicas implements AutoCloseable {
  private final List<DjlReplica> replicas = new ArrayList<>();
  private final ExecutorService threads;

  DjlReplicas(List<NDManager> managers, TrainingProgram program) {
    managers.forEach(m -> replicas.add(new DjlReplica(m, program)));
    this.threads =
        managers.size() == 1
            ? null
            : Executors.newFixedThreadPool(
                managers.size(),
                task -> {
                  Thread thread = new Thread(task, "replica");
                  thread.setDaemon(true);
                  return thread;
                });
  }

  DjlReplica first() {
    return replicas.get(0);
  }

  /** The other replicas take over the first one's weights. */
  void follow() {
    replicas.subList(1, replicas.size()).forEach(r -> r.follow(first()));
  }

  /**
   * Losses, gradients and running statistics of all parts, summed.
   *
   * @param scope of the first device, which the result belongs to
   */
  DjlReplica.Part sum(
      NDManager scope, List<FloatTensor> x, List<FloatTensor> t, Precision precision) {
    DjlReplica.Part sum = null;
    for (int from = 0; from < x.size(); from += replicas.size()) {
      int to = Math.min(x.size(), from + replicas.size());
      for (DjlReplica.Part part :
          round(scope, x.subList(from, to), t.subList(from, to), precision)) {
        if (sum == null) {
          sum = part;
        } else {
          add(scope, sum, part);
        }
      }
    }
    return sum;
  }

  private void add(NDManager scope, DjlReplica.Part sum, DjlReplica.Part part) {
    NDArray anchor = scope.create(0f);
    DjlProgram program = first().loaded;
    sum.loss().addi(part.loss());
    program.call(
        "sum",
        List.of(anchor),
        List.of(DjlProgram.list("a", sum.gradients()), DjlProgram.list("b", part.gradients())));
    if (!sum.statistics().isEmpty()) {
      program.call(
          "sum",
          List.of(anchor),
          List.of(DjlProgram.list("a", sum.statistics()), DjlProgram.list("b", part.statistics())));
    }
    part.gradients().close();
    part.statistics().close();
  }

  /** A part on each device. */
  private List<DjlReplica.Part> round(
      NDManager scope, List<FloatTensor> x, List<FloatTensor> t, Precision precision) {
    if (threads == null) {
      return List.of(one(0, scope, x.get(0), t.get(0), precision));
    }
    List<Future<DjlReplica.Part>> futures = new ArrayList<>();
    for (int i = 0; i < x.size(); i++) {
      int part = i;
      futures.add(
          threads.submit(
              () -> {
                JniUtils.setGraphExecutorOptimize(false); // see DjlEngine.open
                return one(part, scope, x.get(part), t.get(part), precision);
              }));
    }
    List<DjlReplica.Part> parts = new ArrayList<>();
    RuntimeException failure = null;
    for (Future<DjlReplica.Part> future : futures) {
      try {
        parts.add(Outcomes.of(future, "computing a step"));
      } catch (RuntimeException e) {
        // All are waited for: a step that has failed must not go on computing.
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return parts;
  }

  private DjlReplica.Part one(
      int index, NDManager scope, FloatTensor x, FloatTensor t, Precision precision) {
    DjlReplica replica = replicas.get(index);
    NDManager own = replica.manager.newSubManager();
    try {
      NDArray input = DjlEngine.array(own, x, precision);
      NDArray target = DjlEngine.array(own, t, precision);
      return replica.part(own, input, target).in(scope);
    } finally {
      own.close();
    }
  }

  @Override
  public void close() {
    if (threads != null) {
      threads.shutdown();
    }
    for (int i = replicas.size() - 1; i >= 0; i--) {
      replicas.get(i).close();
    }
  }
}
