package org.xrv.trainer.bench;

import java.nio.file.Path;
import java.util.List;

/** Something that makes floats of files. */
public interface Loader {
  /**
   * Loads each file to size x size floats.
   *
   * @return the processor time it took, in seconds
   */
  double load(List<Path> files, int size);
}
