using Microsoft.ML.OnnxRuntime;

namespace Gbi.Onnx.Sessions;

/// <summary>A run of a network that ends when it is told to, whatever the network does: it may hold a loop without end.</summary>
internal static class OnnxRun
{
    /// <summary>Runs a network.</summary>
    /// <exception cref="OperationCanceledException">It was told to end.</exception>
    /// <exception cref="OnnxRuntimeException">The runtime fails.</exception>
    public static T Ended<T>(RunOptions run, Func<T> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using CancellationTokenRegistration ends = cancellation.UnsafeRegister(
            static options => ((RunOptions)options!).Terminate = true, run);
        try
        {
            return work();
        }
        catch (OnnxRuntimeException cause) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("The network was told to end.", cause, cancellation);
        }
    }
}
