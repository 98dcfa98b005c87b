/**
 * A model as it travels: a directory with ONNX files, xrv-model.json that describes them, a model
 * card, provenance and the parity report.
 */
package org.xrv.core.modelpackage;
