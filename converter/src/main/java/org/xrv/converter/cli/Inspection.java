package org.xrv.converter.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What is told of a file, for people and for programs. */
record Inspection(List<String> lines, ObjectNode json) {
  Inspection {
    lines = List.copyOf(lines);
  }
}
