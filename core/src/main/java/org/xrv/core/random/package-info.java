/**
 * Random numbers as functions of keys, so that a step number alone restores a run, whatever the
 * thread count.
 */
package org.xrv.core.random;
