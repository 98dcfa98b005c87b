/**
 * What training needs of a tensor engine, as an interface of a few methods, and the one host behind
 * it: DJL's PyTorch engine running a generated TorchScript program. No type of DJL leaves this
 * package.
 */
package org.xrv.trainer.engine;
