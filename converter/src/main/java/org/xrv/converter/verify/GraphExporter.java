package org.xrv.converter.verify;

import java.nio.file.Path;
import java.util.Optional;
import org.xrv.core.graph.Graph;

/**
 * Writes networks as files of another library and runs such files with it; a service
 * (java.util.ServiceLoader), so that nobody needs a library that he has no other use for.
 */
public interface GraphExporter {
  /** The format's name on the command line, such as "samediff". */
  String format();

  /** The library that runs the file, with its version. */
  String runtime();

  /**
   * Writes the file.
   *
   * @throws org.xrv.core.error.ProblemException BAD_DATA, naming op and node, for what the format
   *     cannot express; DISK
   */
  void write(ExportedNetwork network, Path file);

  /** Whether the file has a method for each part of the network, beside the whole. */
  boolean hasParts();

  /**
   * Loads a file that was written from a network.
   *
   * @param graph the whole or a part
   * @param part the part's name; empty for the whole
   */
  ParityRuntime.Session open(Graph graph, Optional<String> part, Path file);
}
