using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using ImageEditor.Converters.Differentiation;
using ImageEditor.Converters.Onnx.Operators;

namespace ImageEditor.Converters.Gradients;

/// <summary>
/// Computes <see cref="FusedOperator"/>: one pass over memory and all threads, where the standard operators take eleven passes or more,
/// some on one thread.
/// </summary>
public static class ClippedDepthwiseGradient
{
    /// <summary>The operator for sessions.</summary>
    public static CustomOperator Operator { get; } = new(FusedOperator.Domain, FusedOperator.Type, FusedOperator.Inputs, Compute);

    private static void Compute(OperatorCall call)
    {
        var (upstream, result, weights, input) = (call.Input(0), call.Input(1), call.Input(2), call.Input(3));
        var bounds = (Low: call.Input(4).Values[0], High: call.Input(5).Values[0]);
        var from = (Height: (int)upstream.Shape[2], Width: (int)upstream.Shape[3]);
        var to = (Height: (int)input.Shape[2], Width: (int)input.Shape[3]);
        var gradient = call.Output(input.Shape);
        call.ForEach(checked((int)(input.Shape[0] * input.Shape[1])), plane => Compute(
            new Plane(ChannelOf(upstream, plane, from), ChannelOf(result, plane, from), from.Height, from.Width),
            ChannelOf(weights, plane % (weights.Values.Length / 9), (3, 3)),
            new Plane(ChannelOf(gradient, plane, to), ChannelOf(input, plane, to), to.Height, to.Width),
            bounds.Low,
            bounds.High));
    }

    private static Span<float> ChannelOf(NativeTensor tensor, int index, (int Height, int Width) size) =>
        tensor.Values.Slice(index * size.Height * size.Width, size.Height * size.Width);

    /// <summary>Computes one channel. For a picture of one pixel both strides give the same gradient.</summary>
    private static void Compute(Plane upstream, ReadOnlySpan<float> weights, Plane downstream, float low, float high)
    {
        var isStrided = (upstream.Height, upstream.Width) != (downstream.Height, downstream.Width);
        var rounded = (upstream.Width + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        var lineLength = (isStrided ? 2 : 1) * rounded;
        var scratch = ArrayPool<float>.Shared.Rent(RecentRows.Length(rounded) + lineLength);
        var line = scratch.AsSpan(0, lineLength);
        var rows = new RecentRows(scratch.AsSpan(lineLength, RecentRows.Length(rounded)), upstream.Height);
        var known = 0;
        for (var y = 0; y < downstream.Height; y++)
        {
            // TensorFlow's SAME padding of stride 2: below only where the height is even, above too where it is odd. The same holds for the
            // width.
            var place = isStrided ? y + downstream.Height % 2 : y;
            for (var last = isStrided ? place / 2 : y + 1; known <= last && known < upstream.Height; known++)
            {
                PassWhereUnclipped(upstream.Row(known), upstream.BoundRow(known), rows[known].Slice(1, upstream.Width), low, high);
            }

            if (!isStrided)
            {
                StrideOneRow(rows[y - 1], rows[y], rows[y + 1], weights, line);
            }
            else if (place % 2 == 0)
            {
                StrideTwoEvenRow(rows[place / 2 - 1], rows[place / 2], weights, line);
            }
            else
            {
                StrideTwoOddRow(rows[place / 2], weights, line);
            }

            PassWhereUnclipped(
                line.Slice(isStrided ? downstream.Width % 2 : 0, downstream.Width), downstream.BoundRow(y), downstream.Row(y), low, high);
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    /// <summary>The gradient where a clipped value lies between the bounds, else 0.</summary>
    private static void PassWhereUnclipped(
        ReadOnlySpan<float> gradient, ReadOnlySpan<float> clipped, Span<float> target, float low, float high)
    {
        var (lows, highs) = (new Vector<float>(low), new Vector<float>(high));
        ref var from = ref MemoryMarshal.GetReference(gradient);
        ref var by = ref MemoryMarshal.GetReference(clipped);
        ref var to = ref MemoryMarshal.GetReference(target);
        var index = 0;
        for (; index <= gradient.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            var value = Vector.LoadUnsafe(ref by, (nuint)index);
            var isWithin = Vector.GreaterThan(value, lows) & Vector.LessThan(value, highs);
            Vector.ConditionalSelect(isWithin, Vector.LoadUnsafe(ref from, (nuint)index), Vector<float>.Zero)
                .StoreUnsafe(ref to, (nuint)index);
        }

        for (; index < gradient.Length; index++)
        {
            target[index] = clipped[index] > low && clipped[index] < high ? gradient[index] : 0;
        }
    }

    /// <summary>A row of stride 1: the convolution with the kernel turned by half a turn.</summary>
    private static void StrideOneRow(
        ReadOnlySpan<float> above, ReadOnlySpan<float> at, ReadOnlySpan<float> below, ReadOnlySpan<float> weights, Span<float> line)
    {
        ref var first = ref MemoryMarshal.GetReference(above);
        ref var second = ref MemoryMarshal.GetReference(at);
        ref var third = ref MemoryMarshal.GetReference(below);
        ref var to = ref MemoryMarshal.GetReference(line);
        Vector<float> w0 = new(weights[8]), w1 = new(weights[7]), w2 = new(weights[6]);
        Vector<float> w3 = new(weights[5]), w4 = new(weights[4]), w5 = new(weights[3]);
        Vector<float> w6 = new(weights[2]), w7 = new(weights[1]), w8 = new(weights[0]);
        for (nuint x = 0; x < (nuint)line.Length; x += (nuint)Vector<float>.Count)
        {
            // Three sums, so that one product need not wait for the one before.
            var one = Vector.LoadUnsafe(ref first, x) * w0;
            var two = Vector.LoadUnsafe(ref second, x) * w3;
            var three = Vector.LoadUnsafe(ref third, x) * w6;
            one = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref first, x + 1), w1, one);
            two = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref second, x + 1), w4, two);
            three = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref third, x + 1), w7, three);
            one = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref first, x + 2), w2, one);
            two = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref second, x + 2), w5, two);
            three = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref third, x + 2), w8, three);
            (one + two + three).StoreUnsafe(ref to, x);
        }
    }

    /// <summary>A row of stride 2 that the kernel's first and last row reached, from two rows of results.</summary>
    private static void StrideTwoEvenRow(ReadOnlySpan<float> above, ReadOnlySpan<float> at, ReadOnlySpan<float> weights, Span<float> line)
    {
        ref var first = ref MemoryMarshal.GetReference(above);
        ref var second = ref MemoryMarshal.GetReference(at);
        Vector<float> w0 =
            new(weights[0]), w1 = new(weights[1]), w2 = new(weights[2]), w6 = new(weights[6]), w7 = new(weights[7]), w8 = new(weights[8]);
        for (nuint x = 0; x < (nuint)line.Length / 2; x += (nuint)Vector<float>.Count)
        {
            var (upper, lower) = (Vector.LoadUnsafe(ref first, x + 1), Vector.LoadUnsafe(ref second, x + 1));
            var even = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref first, x), w8, upper * w6)
                + Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref second, x), w2, lower * w0);
            Interleave(even, Vector.MultiplyAddEstimate(upper, w7, lower * w1), line, 2 * x);
        }
    }

    /// <summary>A row of stride 2 that only the kernel's middle row reached.</summary>
    private static void StrideTwoOddRow(ReadOnlySpan<float> at, ReadOnlySpan<float> weights, Span<float> line)
    {
        ref var row = ref MemoryMarshal.GetReference(at);
        Vector<float> w3 = new(weights[3]), w4 = new(weights[4]), w5 = new(weights[5]);
        for (nuint x = 0; x < (nuint)line.Length / 2; x += (nuint)Vector<float>.Count)
        {
            var values = Vector.LoadUnsafe(ref row, x + 1);
            Interleave(Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref row, x), w5, values * w3), values * w4, line, 2 * x);
        }
    }

    /// <summary>
    /// Writes values of one vector and the other in turns: both widened to twice the bits, one into the lower halves and one into the
    /// upper.
    /// </summary>
    private static void Interleave(Vector<float> even, Vector<float> odd, Span<float> line, nuint at)
    {
        Vector.Widen(Vector.AsVectorUInt32(even), out var evenFirst, out var evenLast);
        Vector.Widen(Vector.AsVectorUInt32(odd), out var oddFirst, out var oddLast);
        ref var to = ref MemoryMarshal.GetReference(line);
        Vector.AsVectorSingle(evenFirst | Vector.ShiftLeft(oddFirst, 32)).StoreUnsafe(ref to, at);
        Vector.AsVectorSingle(evenLast | Vector.ShiftLeft(oddLast, 32)).StoreUnsafe(ref to, at + (nuint)Vector<float>.Count);
    }

    /// <summary>One channel of a gradient, and the clipped values that decide where it passes.</summary>
    private readonly ref struct Plane(Span<float> values, ReadOnlySpan<float> clipped, int height, int width)
    {
        private readonly Span<float> _values = values;
        private readonly ReadOnlySpan<float> _clipped = clipped;

        public int Height => height;

        public int Width => width;

        public Span<float> Row(int y) => _values.Slice(y * width, width);

        public ReadOnlySpan<float> BoundRow(int y) => _clipped.Slice(y * width, width);
    }

    /// <summary>
    /// The last three rows of a picture, each with a zero before it and zeros after it; and a row of zeros for those that lie outside.
    /// </summary>
    private readonly ref struct RecentRows
    {
        private const int RowCount = 3;

        private readonly Span<float> _values;
        private readonly int _height;

        public RecentRows(Span<float> values, int height)
        {
            values.Clear();
            _values = values;
            _height = height;
        }

        public Span<float> this[int index]
        {
            get
            {
                var length = _values.Length / (RowCount + 1);
                return _values.Slice((index < 0 || index >= _height ? RowCount : index % RowCount) * length, length);
            }
        }

        /// <summary>What rows of a length take.</summary>
        public static int Length(int width) => (RowCount + 1) * (width + 2);
    }
}
