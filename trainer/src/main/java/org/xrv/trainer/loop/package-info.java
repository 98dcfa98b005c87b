/** Steps, epochs, validation, checkpoints: the one loop that trains every task. */
package org.xrv.trainer.loop;
