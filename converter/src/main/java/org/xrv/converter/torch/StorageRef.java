package org.xrv.converter.torch;

/**
 * A flat array of elements beside the pickle.
 *
 * @param key under which it is found in the file
 * @param elements of the whole array
 */
record StorageRef(String key, TorchType type, long elements) {
  StorageRef {
    if (elements < 0 || elements > Integer.MAX_VALUE - 16L) {
      throw Unreadable.damaged("storage '" + key + "' of " + elements + " elements");
    }
  }

  long bytes() {
    return elements * type.width();
  }
}
