/** Pictures of data sets, for eyes to check labels and masks. */
package org.xrv.trainer.sheet;
