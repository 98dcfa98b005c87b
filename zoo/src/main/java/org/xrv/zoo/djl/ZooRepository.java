package org.xrv.zoo.djl;

import ai.djl.repository.SimpleRepository;
import java.net.URI;
import java.nio.file.Path;

/** The directory of a pulled model, as DJL sees it. */
final class ZooRepository extends SimpleRepository {
  /**
   * A repository of one model.
   *
   * @param network the file to load, without its ending; the criteria can name another one
   */
  ZooRepository(String name, Path snapshot, String network) {
    super(name, URI.create("xrv:///?model_name=" + network), snapshot);
  }
}
