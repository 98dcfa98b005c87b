/** Root of the trainer module. */
package org.xrv.trainer;
