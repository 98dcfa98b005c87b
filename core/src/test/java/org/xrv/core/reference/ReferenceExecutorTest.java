package org.xrv.core.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.Shape;

/**
 * The reference itself, against examples of the ONNX operator documentation
 * (https://onnx.ai/onnx/operators/, tests of each op) and others worked out by hand.
 */
class ReferenceExecutorTest {
  private static final List<Integer> ONE = List.of(1, 1);
  private static final List<Integer> TWO = List.of(2, 2);
  private static final List<Integer> NONE = List.of(0, 0, 0, 0);

  private static DoubleTensor tensor(Shape shape, double... values) {
    return new DoubleTensor(shape, values);
  }

  /** 0, 1, 2 ... or from 1 on. */
  private static DoubleTensor counting(int from, int... dims) {
    Shape shape = Shape.of(dims);
    double[] values = new double[(int) shape.elements()];
    Arrays.setAll(values, i -> from + i);
    return new DoubleTensor(shape, values);
  }

  private static DoubleTensor ones(int... dims) {
    return DoubleTensor.make(Shape.of(dims), i -> 1);
  }

  private static DoubleTensor run(Op op, DoubleTensor... in) {
    return Kernels.of(op).run(op, List.of(in)).get(0);
  }

  private static void assertGives(DoubleTensor actual, Shape shape, double... values) {
    assertEquals(shape, actual.shape());
    assertArrayEquals(values, actual.data(), 1e-6);
  }

  /** Conv, "with padding" and "with strides and asymmetric padding". */
  @Test
  void shouldConvolve() {
    DoubleTensor w = ones(1, 1, 3, 3);
    assertGives(
        run(new Op.Conv(ONE, List.of(1, 1, 1, 1), ONE, 1), counting(0, 1, 1, 5, 5), w),
        Shape.of(1, 1, 5, 5),
        new double[] {
          12, 21, 27, 33, 24, 33, 54, 63, 72, 51, 63, 99, 108, 117, 81, 93, 144, 153, 162, 111, 72,
          111, 117, 123, 84
        });
    assertGives(
        run(new Op.Conv(TWO, List.of(1, 0, 1, 0), ONE, 1), counting(0, 1, 1, 7, 5), w),
        Shape.of(1, 1, 4, 2),
        new double[] {21, 33, 99, 117, 189, 207, 171, 183});
  }

  /** Two groups: the first output sees the first channel, the second the second. */
  @Test
  void shouldConvolveByGroup() {
    assertGives(
        run(
            new Op.Conv(ONE, NONE, List.of(1, 2), 2),
            counting(0, 1, 2, 1, 3),
            tensor(Shape.of(2, 1, 1, 2), 1, 10, 1, 100),
            tensor(Shape.of(2), 0.5, 0.25)),
        Shape.of(1, 2, 1, 1),
        new double[] {0 + 10 * 2 + 0.5, 3 + 100 * 5 + 0.25});
  }

  /** ConvTranspose, the plain example. */
  @Test
  void shouldConvolveTransposed() {
    DoubleTensor y =
        run(
            new Op.ConvTranspose(ONE, NONE, List.of(0, 0), ONE, 1),
            counting(0, 1, 1, 3, 3),
            ones(1, 2, 3, 3));
    double[] plane = {
      0, 1, 3, 3, 2, 3, 8, 15, 12, 7, 9, 21, 36, 27, 15, 9, 20, 33, 24, 13, 6, 13, 21, 15, 8
    };
    assertEquals(Shape.of(1, 2, 5, 5), y.shape());
    assertArrayEquals(plane, Arrays.copyOf(y.data(), 25));
    assertArrayEquals(plane, Arrays.copyOfRange(y.data(), 25, 50));
  }

  /** ConvTranspose, "pads" (strides 3 and 2, pads 1 and 2) and "dilations". */
  @Test
  void shouldCropAndDilateTheTransposedConvolution() {
    DoubleTensor y =
        run(
            new Op.ConvTranspose(List.of(3, 2), List.of(1, 2, 1, 2), List.of(0, 0), ONE, 1),
            counting(0, 1, 1, 3, 3),
            ones(1, 1, 3, 3));
    assertGives(
        y,
        Shape.of(1, 1, 7, 3),
        new double[] {1, 1, 3, 1, 1, 3, 7, 4, 9, 7, 4, 9, 7, 4, 9, 13, 7, 15, 13, 7, 15});
    assertGives(
        run(
            new Op.ConvTranspose(ONE, NONE, List.of(0, 0), TWO, 1),
            tensor(Shape.of(1, 1, 3, 3), 3, 8, 1, 9, 5, 7, 3, 2, 6),
            tensor(Shape.of(1, 1, 2, 2), 7, 2, 1, 9)),
        Shape.of(1, 1, 5, 5),
        new double[] {
          21, 56, 13, 16, 2, 63, 35, 67, 10, 14, 24, 22, 76, 76, 21, 9, 5, 88, 45, 63, 3, 2, 33, 18,
          54
        });
  }

  /**
   * Output padding shows what lies behind the end: rows of the full result where pads cut them off,
   * the bias where there is nothing.
   */
  @Test
  void shouldExtendTheTransposedConvolutionByItsOutputPadding() {
    DoubleTensor x = tensor(Shape.of(1, 1, 1, 2), 1, 2);
    DoubleTensor w = tensor(Shape.of(1, 1, 1, 3), 1, 10, 100);
    // In full: 1, 10, 100 + 2, 20, 200.
    assertGives(
        run(
            new Op.ConvTranspose(List.of(1, 2), List.of(0, 1, 0, 1), List.of(0, 1), ONE, 1),
            x,
            w,
            tensor(Shape.of(1), 0.5)),
        Shape.of(1, 1, 1, 4),
        new double[] {10.5, 102.5, 20.5, 200.5});
    assertGives(
        run(
            new Op.ConvTranspose(List.of(1, 2), NONE, List.of(0, 1), ONE, 1),
            x,
            w,
            tensor(Shape.of(1), 0.5)),
        Shape.of(1, 1, 1, 6),
        new double[] {1.5, 10.5, 102.5, 20.5, 200.5, 0.5});
  }

  /** AveragePool, "precomputed pads" with and without counting them: 5 by 5, kernel 5, pads 2. */
  @Test
  void shouldAverageWithAndWithoutThePadding() {
    DoubleTensor x = counting(1, 1, 1, 5, 5);
    List<Integer> five = List.of(5, 5);
    assertGives(
        run(new Op.AveragePool(five, ONE, List.of(2, 2, 2, 2), false), x),
        Shape.of(1, 1, 5, 5),
        new double[] {
          7, 7.5, 8, 8.5, 9, 9.5, 10, 10.5, 11, 11.5, 12, 12.5, 13, 13.5, 14, 14.5, 15, 15.5, 16,
          16.5, 17, 17.5, 18, 18.5, 19
        });
    assertGives(
        run(new Op.AveragePool(five, ONE, List.of(2, 2, 2, 2), true), x),
        Shape.of(1, 1, 5, 5),
        new double[] {
          2.52, 3.6, 4.8, 4.08, 3.24, 4.56, 6.4, 8.4, 7.04, 5.52, 7.2, 10, 13, 10.8, 8.4, 6.96, 9.6,
          12.4, 10.24, 7.92, 6.12, 8.4, 10.8, 8.88, 6.84
        });
    assertGives(
        run(new Op.AveragePool(TWO, TWO, NONE, false), x),
        Shape.of(1, 1, 2, 2),
        new double[] {4, 6, 14, 16});
  }

  /** MaxPool, "with argmax, precomputed pads". */
  @Test
  void shouldTakeTheMaximumAndTellWhere() {
    Op op = new Op.MaxPool(List.of(5, 5), ONE, List.of(2, 2, 2, 2));
    List<DoubleTensor> y = Kernels.of(op).run(op, List.of(counting(1, 1, 1, 5, 5)));
    double[] row = {13, 14, 15, 15, 15};
    double[] expected = new double[25];
    for (int i = 0; i < 25; i++) {
      expected[i] = row[i % 5] + 5 * Math.min(i / 5, 2);
    }
    assertGives(y.get(0), Shape.of(1, 1, 5, 5), expected);
    assertGives(y.get(1), Shape.of(1, 1, 5, 5), Arrays.stream(expected).map(v -> v - 1).toArray());
  }

  /** Padding never wins, the first of equal numbers does, and indices count over the batch. */
  @Test
  void shouldPoolNegativeAndEqualNumbers() {
    Op op = new Op.MaxPool(TWO, TWO, List.of(1, 1, 0, 0));
    List<DoubleTensor> y =
        Kernels.of(op).run(op, List.of(DoubleTensor.make(Shape.of(2, 1, 3, 3), i -> -1)));
    assertGives(y.get(0), Shape.of(2, 1, 2, 2), new double[] {-1, -1, -1, -1, -1, -1, -1, -1});
    assertGives(y.get(1), Shape.of(2, 1, 2, 2), new double[] {0, 1, 3, 4, 9, 10, 12, 13});
  }

  /** Worked by hand: mean 3, biased variance 5 (values 0, 2, 4, 6), unbiased 20 / 3. */
  @Test
  void shouldNormalizeInBothForms() {
    DoubleTensor x = tensor(Shape.of(2, 1, 1, 2), 0, 2, 4, 6);
    List<DoubleTensor> in =
        List.of(
            x,
            tensor(Shape.of(1), 2),
            tensor(Shape.of(1), 10),
            tensor(Shape.of(1), 1),
            tensor(Shape.of(1), 3));
    Op.BatchNormalization op = new Op.BatchNormalization(1, 0.75f);
    assertGives(
        Normalizations.batch(op, in), x.shape(), new double[] {9, 11, 13, 15}); // sqrt(3 + 1) = 2
    Normalizations.Trained trained = Normalizations.trained(op, in);
    double deviation = Math.sqrt(6);
    assertGives(
        trained.y(),
        x.shape(),
        new double[] {
          10 - 6 / deviation, 10 - 2 / deviation, 10 + 2 / deviation, 10 + 6 / deviation
        });
    assertGives(trained.mean(), Shape.of(1), new double[] {0.75 * 1 + 0.25 * 3});
    assertGives(trained.variance(), Shape.of(1), new double[] {0.75 * 3 + 0.25 * 20 / 3});
  }

  /** Softmax, "example" and "large number". */
  @Test
  void shouldComputeSoftmax() {
    assertGives(
        run(new Op.Softmax(1), tensor(Shape.of(1, 3), -1, 0, 1)),
        Shape.of(1, 3),
        new double[] {0.09003058, 0.24472848, 0.66524094});
    double[] large = {0.032058604, 0.08714432, 0.23688284, 0.6439143};
    assertGives(
        run(new Op.Softmax(-1), tensor(Shape.of(2, 4), 0, 1, 2, 3, 10000, 10001, 10002, 10003)),
        Shape.of(2, 4),
        new double[] {
          large[0], large[1], large[2], large[3], large[0], large[1], large[2], large[3]
        });
  }

  @Test
  void shouldMultiplyMatrices() {
    DoubleTensor a = counting(1, 2, 3);
    DoubleTensor b = counting(1, 2, 3);
    assertGives(
        run(new Op.Gemm(0.5f, 10, false, true), a, b, tensor(Shape.of(2, 1), 1, 2)),
        Shape.of(2, 2),
        new double[] {7 + 10, 16 + 10, 16 + 20, 38.5 + 20});
    assertGives(
        run(new Op.Gemm(1, 1, true, false), a, b),
        Shape.of(3, 3),
        new double[] {17, 22, 27, 22, 29, 36, 27, 36, 45});
    assertGives(
        run(new Op.MatMul(), counting(1, 2, 1, 2), counting(1, 2, 1)),
        Shape.of(2, 1, 1),
        new double[] {5, 11});
    assertGives(
        run(new Op.MatMul(), counting(1, 1, 2), counting(1, 2, 2, 1)),
        Shape.of(2, 1, 1),
        new double[] {5, 11});
  }

  /** ReduceSum and ReduceMean, "keepdims" and "do not keepdims". */
  @Test
  void shouldReduce() {
    DoubleTensor x = counting(1, 3, 2, 2);
    assertGives(
        run(new Op.ReduceSum(List.of(1), false), x),
        Shape.of(3, 2),
        new double[] {4, 6, 12, 14, 20, 22});
    assertGives(
        run(new Op.ReduceSum(List.of(-2), true), x),
        Shape.of(3, 1, 2),
        new double[] {4, 6, 12, 14, 20, 22});
    assertGives(
        run(new Op.ReduceMean(List.of(0, 2), false), x), Shape.of(2), new double[] {5.5, 7.5});
    assertGives(run(new Op.ReduceSum(List.of(0, 1, 2), false), x), Shape.of(), new double[] {78});
  }

  /** Split, "variable parts"; Concat is its reverse. */
  @Test
  void shouldSplitAndJoin() {
    Op split = new Op.Split(1, List.of(2, 4));
    List<DoubleTensor> parts = Kernels.of(split).run(split, List.of(counting(1, 2, 6)));
    assertGives(parts.get(0), Shape.of(2, 2), new double[] {1, 2, 7, 8});
    assertGives(parts.get(1), Shape.of(2, 4), new double[] {3, 4, 5, 6, 9, 10, 11, 12});
    assertGives(
        run(new Op.Concat(-1), parts.get(0), parts.get(1)),
        Shape.of(2, 6),
        counting(1, 2, 6).data());
    assertGives(
        run(new Op.Concat(0), counting(1, 1, 2), counting(3, 2, 2)),
        Shape.of(3, 2),
        new double[] {1, 2, 3, 4, 5, 6});
  }

  /** Pad, the documentation's example; negative pads crop. */
  @Test
  void shouldPad() {
    DoubleTensor x = tensor(Shape.of(3, 2), 1, 1.2, 2.3, 3.4, 4.5, 5.7);
    assertGives(
        run(new Op.Pad(List.of(0, 2, 0, 0), 0), x),
        Shape.of(3, 4),
        new double[] {0, 0, 1, 1.2, 0, 0, 2.3, 3.4, 0, 0, 4.5, 5.7});
    assertGives(
        run(new Op.Pad(List.of(-1, 1, 0, -1), 9), x),
        Shape.of(2, 2),
        new double[] {9, 2.3, 9, 4.5});
  }

  @Test
  void shouldMoveElements() {
    DoubleTensor x = counting(0, 2, 1, 3);
    assertGives(
        run(new Op.Transpose(List.of(2, 0, 1)), x),
        Shape.of(3, 2, 1),
        new double[] {0, 3, 1, 4, 2, 5});
    assertEquals(Shape.of(2, 1, 3, 1), run(new Op.Reshape(List.of(0, 0, -1, 1)), x).shape());
    assertEquals(Shape.of(1, 6), run(new Op.Flatten(0), x).shape());
    assertEquals(Shape.of(2, 3), run(new Op.Flatten(-1), x).shape());
    assertEquals(Shape.of(6, 1), run(new Op.Flatten(3), x).shape());
  }

  /** Gather, "axis 1" and "negative indices"; ScatterElements, "with reduction add". */
  @Test
  void shouldGatherAndScatter() {
    DoubleTensor x = tensor(Shape.of(3, 3), 1, 1.2, 1.9, 2.3, 3.4, 3.9, 4.5, 5.7, 5.9);
    assertGives(
        run(new Op.Gather(1), x, tensor(Shape.of(2), 0, 2)),
        Shape.of(3, 2),
        new double[] {1, 1.9, 2.3, 3.9, 4.5, 5.9});
    assertGives(
        run(new Op.Gather(0), counting(0, 10), tensor(Shape.of(3), 0, -9, -10)),
        Shape.of(3),
        new double[] {0, 1, 0});
    assertGives(
        run(
            new Op.ScatterElements(1),
            counting(1, 1, 5),
            tensor(Shape.of(1, 2), 1, 1),
            tensor(Shape.of(1, 2), 1.1, 2.1)),
        Shape.of(1, 5),
        new double[] {1, 5.2, 3, 4, 5});
  }

  /** Where and broadcasting, and the casts, which cut off. */
  @Test
  void shouldChooseAndCast() {
    assertGives(
        run(
            new Op.Where(),
            tensor(Shape.of(2, 2), 1, 0, 1, 1),
            tensor(Shape.of(2, 1), 1, 2),
            tensor(Shape.of(2), 9, 8)),
        Shape.of(2, 2),
        new double[] {1, 8, 2, 2});
    assertGives(
        run(
            new Op.Cast(org.xrv.core.graph.ElementType.INT64),
            tensor(Shape.of(3), -1.75, 2.75, 0.5)),
        Shape.of(3),
        new double[] {-1, 2, 0});
  }
}
