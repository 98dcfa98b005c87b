package org.xrv.converter.onnx;

import java.util.List;
import org.xrv.core.graph.Op;

/** A node to add to the graph. */
record Step(String name, Op op, List<String> inputs, List<String> outputs) {}
