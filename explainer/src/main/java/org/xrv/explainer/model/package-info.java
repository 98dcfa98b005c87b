/** The networks of an explanation: from a model package, an ONNX file, or a name in the zoo. */
package org.xrv.explainer.model;
