package org.xrv.explainer.model;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Snapshot;

/**
 * Models of a local zoo; their bytes are verified when they are handed out.
 *
 * @param warnings is told what publishers say of the versions: deprecated, yanked
 */
public record ZooModels(LocalZoo zoo, Consumer<String> warnings) implements ModelSource {
  public ZooModels {
    Objects.requireNonNull(zoo);
    Objects.requireNonNull(warnings);
  }

  @Override
  public Path directory(String name) {
    Snapshot snapshot = zoo.pull(ModelReference.parse(name));
    zoo.state(snapshot.model()).warnings(snapshot.model()).forEach(warnings);
    return snapshot.directory();
  }
}
