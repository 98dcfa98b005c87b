/** ONNX files from graphs. The only package that uses the classes generated from the ONNX proto. */
package org.xrv.converter.onnx;
