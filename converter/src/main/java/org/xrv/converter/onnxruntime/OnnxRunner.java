package org.xrv.converter.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      for (var input : inputs.entrySet()) {
        FloatTensor t = input.getValue();
        tensors.put(
            input.getKey(),
            OnnxTensor.createTensor(
                ENVIRONMENT, FloatBuffer.wrap(t.data()), t.shape().toLongArray()));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        Map<String, FloatTensor> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          OnnxTensor tensor = (OnnxTensor) output.getValue();
          FloatBuffer buffer = tensor.getFloatBuffer();
          if (buffer == null) {
            continue; // not of a float type
          }
          float[] data = new float[buffer.remaining()];
          buffer.get(data);
          outputs.put(output.getKey(), new FloatTensor(shape(tensor.getInfo()), data));
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
