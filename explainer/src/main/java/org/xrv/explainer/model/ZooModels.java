package org.xrv.explainer.model;

import java.nio.file.Path;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.store.LocalZoo;

/** Models of a local zoo; their bytes are verified when they are handed out. */
public record ZooModels(LocalZoo zoo) implements ModelSource {
  @Override
  public Path directory(String name) {
    return zoo.pull(ModelReference.parse(name)).directory();
  }
}
