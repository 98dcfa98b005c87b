package org.xrv.trainer.engine;

import java.util.List;
import org.xrv.converter.verify.ParityRuntime;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** DJL's PyTorch engine as a runtime to compare others with. */
public final class DjlParity implements ParityRuntime {
  @Override
  public String name() {
    try (DjlEngine engine = DjlEngine.open()) {
      return engine.description();
    }
  }

  @Override
  public Session open(Graph graph, NamedTensors weights) {
    DjlEngine engine = DjlEngine.open();
    InferenceSession session;
    try {
      session = engine.infer(graph, weights);
    } catch (RuntimeException | Error e) {
      engine.close();
      throw e;
    }
    return new Session() {
      @Override
      public List<FloatTensor> run(List<FloatTensor> inputs) {
        return session.run(inputs);
      }

      @Override
      public void close() {
        session.close();
        engine.close();
        // DJL's tensors lie in Java's direct buffers, which the collector only gives back: 125 MB
        // for the published autoencoder, that the next network would come on top of.
        System.gc();
      }
    };
  }
}
