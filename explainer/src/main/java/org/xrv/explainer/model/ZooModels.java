package org.xrv.explainer.model;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.xrv.zoo.user.UserZoo;

/**
 * Models by their names in a zoo, on this machine or another; their bytes are verified.
 *
 * @param warnings is told what publishers say of the versions: deprecated, yanked
 */
public record ZooModels(UserZoo zoo, Consumer<String> warnings) implements ModelSource {
  public ZooModels {
    Objects.requireNonNull(zoo);
    Objects.requireNonNull(warnings);
  }

  @Override
  public Path directory(String name) {
    return zoo.pull(name, warnings).directory();
  }
}
