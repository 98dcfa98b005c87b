/** Named float tensors in memory, and safetensors, the file that Python reads too. */
package org.xrv.core.tensor;
