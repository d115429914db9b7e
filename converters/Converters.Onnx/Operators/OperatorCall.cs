using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace ImageEditor.Converters.Onnx.Operators;

/// <summary>One computation of a <see cref="CustomOperator"/>: valid as long as that runs.</summary>
public readonly unsafe struct OperatorCall
{
    private readonly nint _context;

    internal OperatorCall(nint context) => _context = context;

    /// <summary>A tensor that came in.</summary>
    /// <param name="index">From 0.</param>
    public NativeTensor Input(int index) => new(OrtNative.Input(_context, index));

    /// <summary>The tensor to fill.</summary>
    /// <param name="shape">The length of each dimension.</param>
    public NativeTensor Output(params ReadOnlySpan<long> shape) => new(OrtNative.Output(_context, shape));

    /// <summary>Does something for each number below a count, on the threads that the session has.</summary>
    /// <param name="count">How many.</param>
    /// <param name="body">Called by several threads at once.</param>
    /// <exception cref="Exception">Whatever the body threw first.</exception>
    public void ForEach(int count, Action<int> body)
    {
        var loop = new Loop(body);
        var handle = GCHandle.Alloc(loop);
        try
        {
            OrtNative.ParallelFor(_context, &Step, count, GCHandle.ToIntPtr(handle));
        }
        finally
        {
            handle.Free();
        }

        loop.Failure?.Throw();
    }

    [UnmanagedCallersOnly]
    private static void Step(nint loop, nuint index) => ((Loop)GCHandle.FromIntPtr(loop).Target!).Step((int)index);

    private sealed class Loop(Action<int> body)
    {
        private ExceptionDispatchInfo? _failure;

        public ExceptionDispatchInfo? Failure => _failure;

        /// <summary>No exception may pass through native code.</summary>
        public void Step(int index)
        {
            try
            {
                body(index);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            }
        }
    }
}
