/**
 * The zoo on disk: OCI image layouts, a pool of blobs that they share, and snapshots that a pull
 * hands out. Correct for any number of processes without file locks.
 */
package org.xrv.zoo.store;
