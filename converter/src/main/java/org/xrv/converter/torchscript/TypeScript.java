package org.xrv.converter.torchscript;

/** Expressions that bring tensors into the types and the order in memory of a program. */
final class TypeScript {
  private final Precision precision;
  private final MemoryLayout layout;

  TypeScript(Numerics numerics) {
    this.precision = numerics.precision();
    this.layout = numerics.layout();
  }

  /** A program's input in the type and order that activations have. */
  String activation(String input, int rank) {
    if (rank != 4) {
      return computed(input);
    } else if (precision.mixed()) {
      return "torch.to(" + input + typeAndOrder() + ")";
    }
    // clone, since of one channel both orders are the same to "contiguous", which then keeps the
    // strides of the one that convolutions do not take for channels-last.
    return layout == MemoryLayout.CONTIGUOUS
        ? "torch.contiguous(" + input + ", memory_format=0)"
        : "torch.clone(" + input + ", memory_format=2)";
  }

  /** An operand of a convolution or matrix product. */
  String computed(String expression) {
    return precision.mixed()
        ? "torch.to(" + expression + ", " + precision.activationType() + ")"
        : expression;
  }

  /** The filters of a convolution; unless types are mixed, they are stored in their order. */
  String filters(String expression) {
    return precision.mixed() ? "torch.to(" + expression + typeAndOrder() + ")" : expression;
  }

  /** A gradient as the optimizer takes it: in the stored type and the parameter's own order. */
  String gradient(String expression, int rank) {
    int format = rank == 4 ? layout.format() : MemoryLayout.CONTIGUOUS.format();
    return precision.mixed()
        ? "torch.to("
            + expression
            + ", "
            + precision.scalarType()
            + ", False, False, "
            + format
            + ")"
        : "torch.contiguous(" + expression + ", memory_format=" + format + ")";
  }

  /**
   * A stored parameter or moment in the program's order, in memory of its own: the argument's may
   * belong to the caller.
   */
  String packed(String expression, int rank) {
    return "torch.clone("
        + expression
        + ", memory_format="
        + (rank == 4 ? layout.format() : 0)
        + ")";
  }

  private String typeAndOrder() {
    return ", " + precision.activationType() + ", False, False, " + layout.format();
  }

  /** A result in the stored type. */
  String stored(String expression) {
    return precision.mixed()
        ? "torch.to(" + expression + ", " + precision.scalarType() + ")"
        : expression;
  }
}
