package org.xrv.converter.torch;

/**
 * A stretch of a storage, as the old format has them.
 *
 * @param offset in elements
 */
record StorageView(StorageRef root, long offset) {}
