package org.xrv.converter.torch;

import java.util.List;

/**
 * A tensor, its values still in the file.
 *
 * @param type of the elements; the storage's own unless that holds bytes
 * @param offset of the first element in the storage, in elements of the type
 * @param sizes of the dimensions; a scalar has none
 * @param strides from one index of a dimension to the next, in elements
 */
record TorchTensor(
    StorageRef storage, TorchType type, long offset, List<Long> sizes, List<Long> strides) {
  private static final int MAX_RANK = 32;

  TorchTensor {
    sizes = List.copyOf(sizes);
    strides = List.copyOf(strides);
    if (sizes.size() != strides.size() || sizes.size() > MAX_RANK) {
      throw Unreadable.damaged("a tensor of sizes " + sizes + " with strides " + strides);
    }
    long n = elements(sizes);
    long last = offset;
    for (int i = 0; i < sizes.size(); i++) {
      if (strides.get(i) < 0 || strides.get(i) > Integer.MAX_VALUE) {
        throw Unreadable.damaged("a tensor with strides " + strides);
      }
      // Below 2^31 times 2^31, at most 32 times: no overflow that ends below the limit
      last = Math.addExact(last, (Math.max(1, sizes.get(i)) - 1) * strides.get(i));
    }
    long held = storage.bytes() / type.width();
    if (offset < 0 || (n > 0 && last >= held)) {
      throw Unreadable.damaged(
          "a tensor of sizes "
              + sizes
              + " with strides "
              + strides
              + " from element "
              + offset
              + " reaches beyond storage '"
              + storage.key()
              + "' of "
              + held
              + " elements");
    }
  }

  long elements() {
    return elements(sizes);
  }

  private static long elements(List<Long> sizes) {
    long n = 1;
    for (long size : sizes) {
      if (size < 0 || size > Integer.MAX_VALUE) {
        throw Unreadable.damaged("a tensor of sizes " + sizes);
      }
      n *= size;
      if (n > Integer.MAX_VALUE) {
        throw Unreadable.damaged("a tensor of sizes " + sizes + " is too large");
      }
    }
    return n;
  }

  /** Whether the elements lie one behind the other, in row-major order. */
  boolean isContiguous() {
    long expected = 1;
    for (int i = sizes.size() - 1; i >= 0; i--) {
      if (sizes.get(i) != 1 && strides.get(i) != expected) {
        return false;
      }
      expected *= sizes.get(i);
    }
    return true;
  }
}
