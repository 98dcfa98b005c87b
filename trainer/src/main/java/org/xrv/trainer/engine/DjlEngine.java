package org.xrv.trainer.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.converter.torchscript.Adam;
import org.xrv.converter.torchscript.InferenceProgram;
import org.xrv.converter.torchscript.Loss;
import org.xrv.converter.torchscript.Numerics;
import org.xrv.converter.torchscript.Precision;
import org.xrv.converter.torchscript.TrainingRecipe;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** DJL's PyTorch engine on the CPU, or on the first GPU where there is one. */
public final class DjlEngine implements Engine {
  private final NDManager root;
  private final List<Device> devices;
  private final Precision precision;

  private DjlEngine(NDManager root, List<Device> devices, Precision precision) {
    this.root = root;
    this.devices = devices;
    this.precision = precision;
  }

  /** Opens the engine, which infers in float32. */
  public static DjlEngine open() {
    return open(Precision.FLOAT32);
  }

  /** Opens the engine to train on several devices at once: the parts of a batch go round them. */
  public static DjlEngine open(DeviceList devices) {
    return open(Precision.FLOAT32, devices);
  }

  static DjlEngine open(Precision precision) {
    return open(precision, DeviceList.AUTO);
  }

  static DjlEngine open(Precision precision, DeviceList names) {
    // Nothing is fetched and nothing is reported: the natives are on the class path.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    // The optimizing executor specializes a method over its first runs, so that a resumed run would
    // compute its first steps otherwise than a run never stopped.
    System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
    ai.djl.engine.Engine pytorch = ai.djl.engine.Engine.getEngine("PyTorch");
    JniUtils.setGraphExecutorOptimize(false);
    List<Device> devices =
        names.on(pytorch.getGpuCount()).stream()
            .map(index -> index == DeviceList.CPU ? Device.cpu() : Device.gpu(index))
            .toList();
    return new DjlEngine(pytorch.newBaseManager(devices.get(0)), devices, precision);
  }

  @Override
  public String description() {
    ai.djl.engine.Engine pytorch = ai.djl.engine.Engine.getEngine("PyTorch");
    return "PyTorch "
        + pytorch.getVersion()
        + " through DJL "
        + ai.djl.engine.Engine.getDjlVersion()
        + ", "
        + String.join(" + ", devices.stream().map(Device::toString).toList())
        + ", "
        + JniUtils.getNumThreads()
        + " threads";
  }

  @Override
  public boolean onGpu() {
    return devices.stream().anyMatch(Device::isGpu);
  }

  /** Trains in the engine's own precision, in the order of the shapes. */
  TrainingSession train(Graph graph, NamedTensors weights, Loss loss, Adam optimizer) {
    return train(graph, weights, TrainingRecipe.of(loss, optimizer), Numerics.of(precision));
  }

  /** Trains whole batches, without clipping and averages. */
  TrainingSession train(
      Graph graph, NamedTensors weights, Loss loss, Adam optimizer, Numerics numerics) {
    return train(graph, weights, TrainingRecipe.of(loss, optimizer), numerics);
  }

  @Override
  public TrainingSession train(
      Graph graph, NamedTensors weights, TrainingRecipe recipe, Numerics numerics) {
    weights.requireFor(graph);
    List<NDManager> managers = devices.stream().map(root::newSubManager).toList();
    try {
      return new DjlTrainingSession(managers, graph, recipe, weights, numerics);
    } catch (RuntimeException | Error e) {
      managers.forEach(NDManager::close);
      throw e;
    }
  }

  @Override
  public InferenceSession infer(Graph graph, NamedTensors weights) {
    weights.requireFor(graph);
    InferenceProgram program = InferenceProgram.compile(graph, precision);
    NDManager manager = root.newSubManager();
    DjlProgram loaded;
    NDList parameters;
    try {
      loaded = new DjlProgram(manager, program.archive());
      parameters = load(manager, program.parameters(), weights, precision);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
    return new InferenceSession() {
      @Override
      public List<FloatTensor> run(List<FloatTensor> inputs) {
        try (NDManager scope = manager.newSubManager()) {
          List<NDArray> in = inputs.stream().map(t -> array(scope, t, precision)).toList();
          return loaded.call("run", in, List.of(DjlProgram.list("w", parameters))).stream()
              .map(DjlEngine::tensor)
              .toList();
        }
      }

      @Override
      public void close() {
        manager.close();
      }
    };
  }

  @Override
  public void close() {
    root.close();
  }

  NDManager newScope() {
    return root.newSubManager();
  }

  static NDList load(
      NDManager manager, List<Parameter> parameters, NamedTensors weights, Precision precision) {
    NDList arrays = new NDList();
    parameters.forEach(p -> arrays.add(array(manager, weights.get(p.name()), precision)));
    return arrays;
  }

  static NDArray array(NDManager manager, FloatTensor tensor, Precision precision) {
    Shape shape = new Shape(tensor.shape().toLongArray());
    if (precision != Precision.FLOAT64) {
      return manager.create(tensor.data(), shape);
    }
    double[] wide = new double[tensor.data().length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = tensor.data()[i];
    }
    return manager.create(DoubleBuffer.wrap(wide), shape, DataType.FLOAT64);
  }

  static FloatTensor tensor(NDArray array) {
    var dims = new ArrayList<Integer>();
    for (long d : array.getShape().getShape()) {
      dims.add(Math.toIntExact(d));
    }
    float[] data;
    if (array.getDataType() == DataType.FLOAT64) {
      double[] wide = array.toDoubleArray();
      data = new float[wide.length];
      for (int i = 0; i < data.length; i++) {
        data[i] = (float) wide[i];
      }
    } else {
      data = array.toFloatArray();
    }
    return new FloatTensor(new org.xrv.core.graph.Shape(dims), data);
  }

  static NamedTensors named(
      List<Parameter> parameters, String prefix, NDList arrays, Map<String, FloatTensor> into) {
    for (int i = 0; i < parameters.size(); i++) {
      into.put(prefix + parameters.get(i).name(), tensor(arrays.get(i)));
    }
    return new NamedTensors(new LinkedHashMap<>(into));
  }
}
