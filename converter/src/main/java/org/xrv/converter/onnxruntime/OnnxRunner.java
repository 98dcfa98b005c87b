package org.xrv.converter.onnxruntime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;

/**
 * An ONNX model loaded into ONNX Runtime on the CPU, denormal numbers flushed to zero, which would
 * slow a step up to twentyfold.
 */
public final class OnnxRunner implements AutoCloseable {
  private static final OrtEnvironment ENVIRONMENT = RuntimeEnvironment.open();
  private static final AtomicInteger OPEN = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final OrtSession session;
  private final String what;

  private OnnxRunner(OrtSession session, String what) {
    this.session = session;
    this.what = what;
    OPEN.incrementAndGet();
  }

  /** How many models are loaded in this process and not closed yet. */
  public static int openCount() {
    return OPEN.get();
  }

  /** What ONNX Runtime may do to a model while loading it. */
  public enum Optimization {
    /** Nothing: node by node as it is in the file. */
    NONE,
    /** All that it can, as it does unless told otherwise. */
    ALL
  }

  /** Loads a file. */
  public static OnnxRunner open(Path file, int threads) {
    return open(file, threads, Optimization.ALL);
  }

  /** Loads a file. */
  public static OnnxRunner open(Path file, int threads, Optimization optimization) {
    if (!java.nio.file.Files.isRegularFile(file)) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": no such model file");
    }
    return open(
        file.toString(),
        options -> ENVIRONMENT.createSession(file.toString(), options),
        threads,
        optimization);
  }

  /** Loads a model from its bytes. */
  public static OnnxRunner open(String name, byte[] model, int threads) {
    return open(
        name, options -> ENVIRONMENT.createSession(model, options), threads, Optimization.ALL);
  }

  /**
   * Loads a model from its bytes, what it keeps outside of them from a folder.
   *
   * @param folder where its external data lies
   */
  public static OnnxRunner open(String name, byte[] model, Path folder, int threads) {
    return open(
        name,
        options -> {
          options.addConfigEntry(
              "session.model_external_initializers_file_folder_path",
              folder.toAbsolutePath().toString());
          return ENVIRONMENT.createSession(model, options);
        },
        threads,
        Optimization.ALL);
  }

  private interface Loading {
    OrtSession load(OrtSession.SessionOptions options) throws OrtException;
  }

  private static OnnxRunner open(
      String name, Loading loading, int threads, Optimization optimization) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setOptimizationLevel(
          optimization == Optimization.NONE
              ? OrtSession.SessionOptions.OptLevel.NO_OPT
              : OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.addConfigEntry("session.set_denormal_as_zero", "1");
      return new OnnxRunner(loading.load(options), name);
    } catch (OrtException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, name + ": ONNX Runtime cannot load it: " + e.getMessage(), e);
    }
  }

  /**
   * Loads the library in the background, which takes half a second, for a program that has
   * something else to do first. What goes wrong is said by whoever uses it.
   */
  public static void prepare() {
    Thread thread = new Thread(OnnxRunner::version, "onnxruntime-prepare");
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((t, e) -> {});
    thread.start();
  }

  /** The version of ONNX Runtime. */
  public static String version() {
    return ENVIRONMENT.getVersion();
  }

  public Set<String> inputs() {
    return session.getInputNames();
  }

  public Set<String> outputs() {
    return session.getOutputNames();
  }

  /** Free text that the file carries. */
  public Map<String, String> metadata() {
    try {
      return session.getMetadata().getCustomMetadata();
    } catch (OrtException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, what + ": its metadata cannot be read: " + e.getMessage(), e);
    }
  }

  /** Runs the model on float tensors and returns its float outputs by name. */
  public Map<String, FloatTensor> run(Map<String, FloatTensor> inputs) {
    return run(inputs, Map.of());
  }

  /**
   * Runs the model and returns its float outputs by name.
   *
   * @param indices int64 inputs of rank 1
   */
  public Map<String, FloatTensor> run(
      Map<String, FloatTensor> inputs, Map<String, long[]> indices) {
    return run(feeding(inputs), indices, outputs(), OnnxRunner::floats);
  }

  /** Some of the outputs, by name; one that is not of a float type is left out. */
  public Map<String, FloatTensor> run(Map<String, FloatTensor> inputs, Set<String> wanted) {
    return run(feeding(inputs), Map.of(), wanted, OnnxRunner::floats);
  }

  private static Feeding feeding(Map<String, FloatTensor> inputs) {
    return tensors -> {
      for (var input : inputs.entrySet()) {
        FloatTensor t = input.getValue();
        tensors.put(
            input.getKey(),
            OnnxTensor.createTensor(
                ENVIRONMENT, FloatBuffer.wrap(t.data()), t.shape().toLongArray()));
      }
    };
  }

  private static FloatTensor floats(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    if (buffer == null) {
      return null; // not of a float type
    }
    float[] data = new float[buffer.remaining()];
    buffer.get(data);
    return new FloatTensor(shape(tensor.getInfo()), data);
  }

  /**
   * Runs a float64 model and returns its float64 outputs by name.
   *
   * @param indices int64 inputs of rank 1
   */
  public Map<String, WideTensor> runWide(
      Map<String, WideTensor> inputs, Map<String, long[]> indices) {
    return run(
        tensors -> {
          for (var input : inputs.entrySet()) {
            WideTensor t = input.getValue();
            tensors.put(
                input.getKey(),
                OnnxTensor.createTensor(
                    ENVIRONMENT, DoubleBuffer.wrap(t.data()), t.shape().toLongArray()));
          }
        },
        indices,
        outputs(),
        tensor -> {
          DoubleBuffer buffer = tensor.getDoubleBuffer();
          if (buffer == null) {
            return null; // not of this type
          }
          double[] data = new double[buffer.remaining()];
          buffer.get(data);
          return new WideTensor(shape(tensor.getInfo()), data);
        });
  }

  private interface Feeding {
    /** Puts tensors into the map, whose owner closes them. */
    void into(Map<String, OnnxTensor> tensors) throws OrtException;
  }

  private <T> Map<String, T> run(
      Feeding feeding,
      Map<String, long[]> indices,
      Set<String> wanted,
      Function<OnnxTensor, T> read) {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      feeding.into(tensors);
      for (var index : indices.entrySet()) {
        tensors.put(index.getKey(), OnnxTensor.createTensor(ENVIRONMENT, index.getValue()));
      }
      try (OrtSession.Result result = session.run(tensors, wanted)) {
        Map<String, T> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          // Sequences and maps, which classical models give, are left out.
          T value = output.getValue() instanceof OnnxTensor tensor ? read.apply(tensor) : null;
          if (value != null) {
            outputs.put(output.getKey(), value);
          }
        }
        return outputs;
      }
    } catch (OrtException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, what + ": ONNX Runtime cannot run it: " + e.getMessage(), e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  /**
   * What the model is given, by name; what is not known before a run is {@link Shape#UNKNOWN}.
   *
   * @throws ProblemException BAD_DATA for an input that is no tensor of floats
   */
  public Map<String, Shape> inputShapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    try {
      for (NodeInfo input : session.getInputInfo().values()) {
        if (!(input.getInfo() instanceof TensorInfo tensor) || tensor.type != OnnxJavaType.FLOAT) {
          throw new ProblemException(
              ProblemKind.BAD_DATA,
              what
                  + ": input '"
                  + input.getName()
                  + "' is "
                  + input.getInfo()
                  + "; only float32 tensors can be given to it here");
        }
        shapes.put(input.getName(), shape(tensor));
      }
      return shapes;
    } catch (OrtException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, what + ": its inputs cannot be read: " + e.getMessage(), e);
    }
  }

  private static Shape shape(TensorInfo info) {
    return new Shape(java.util.Arrays.stream(info.getShape()).mapToObj(Math::toIntExact).toList());
  }

  /** Gives the model's memory back; closing twice does nothing. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    OPEN.decrementAndGet();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(what + ": closing failed", e);
    }
  }
}
