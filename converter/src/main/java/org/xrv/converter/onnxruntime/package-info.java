/** Runs ONNX files. The only package that uses ONNX Runtime's types. */
package org.xrv.converter.onnxruntime;
