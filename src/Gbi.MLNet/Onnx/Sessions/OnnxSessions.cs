using Gbi.Events;
using Gbi.Onnx.Sessions.Native;
using Microsoft.ML.OnnxRuntime;

namespace Gbi.Onnx.Sessions;

/// <summary>A session, and where it runs.</summary>
/// <param name="Session">The session.</param>
/// <param name="Provider">"CUDA", "CUDA and CPU" where some operators have no kernel for the GPU, or "CPU".</param>
/// <param name="Reason">Why not on a GPU, where one was looked for; otherwise null.</param>
internal sealed record OpenedSession(InferenceSession Session, string Provider, string? Reason)
{
    /// <summary>Whether the GPU takes part.</summary>
    public bool UsesCuda => Provider != OnnxSessions.Cpu;
}

/// <summary>Opens sessions: CUDA first, then the processor.</summary>
internal static class OnnxSessions
{
    public const string Cpu = "CPU";
    private const string Cuda = "CUDA";
    private const string CudaAndCpu = "CUDA and CPU";

    /// <summary>Opens a session.</summary>
    /// <exception cref="DataException">The runtime is not there or refuses the file, or CUDA alone was asked for and cannot be
    /// had.</exception>
    public static OpenedSession Open(OnnxSource source, OnnxOptions options) => WithRuntime(() =>
    {
        try
        {
            return options.Device == OnnxDevice.Cpu ? new OpenedSession(OnCpu(source, options), Cpu, null) : WithCuda(source, options);
        }
        catch (OnnxRuntimeException cause)
        {
            throw new DataException(
                $"ONNX Runtime refuses {source.Name} ({Reason(cause)}); export it again, with an opset that this version knows.", cause);
        }
    });

    /// <summary>Uses the runtime, after what has to come before its first use.</summary>
    /// <exception cref="DataException">Its native library cannot be loaded.</exception>
    public static T WithRuntime<T>(Func<T> use)
    {
        OnnxRuntimeLibrary.Prepare();
        try
        {
            return use();
        }
        catch (Exception cause) when (cause is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw new DataException(
                "The native library of ONNX Runtime cannot be loaded here; reference Microsoft.ML.OnnxRuntime or "
                    + "Microsoft.ML.OnnxRuntime.Gpu for this platform.",
                cause);
        }
    }

    /// <summary>The runtime's message as a part of a sentence.</summary>
    public static string Reason(Exception cause) => RuntimeMessage.Of(cause);

    private static InferenceSession OnCpu(OnnxSource source, OnnxOptions options)
    {
        using SessionOptions settings = Settings(options);
        return new InferenceSession(source.Bytes, settings);
    }

    private static OpenedSession WithCuda(OnnxSource source, OnnxOptions options)
    {
        try
        {
            return CudaProvider.Quietly(() => OnCuda(source, options));
        }
        catch (OnnxRuntimeException cause)
        {
            // A file that the processor refuses too is wrong by itself.
            InferenceSession session = OnCpu(source, options);
            CudaFailure failure = CudaProvider.Explain(cause);
            if (options.Device == OnnxDevice.Auto)
            {
                return new OpenedSession(session, Cpu, failure.Reason);
            }

            session.Dispose();
            throw new DataException(
                $"The network cannot run with CUDA: {failure.Reason}; {failure.Remedy}, or run it on the CPU (--device cpu).", cause);
        }
    }

    // A session that may not use the processor opens only where the GPU has a kernel for every operator, which is how to know.
    private static OpenedSession OnCuda(OnnxSource source, OnnxOptions options)
    {
        using SessionOptions settings = Settings(options);
        CudaProvider.Append(settings, options);
        using SessionOptions withoutCpu = Settings(options);
        CudaProvider.Append(withoutCpu, options);
        withoutCpu.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
        try
        {
            return new OpenedSession(new InferenceSession(source.Bytes, withoutCpu), Cuda, null);
        }
        catch (OnnxRuntimeException)
        {
            return new OpenedSession(new InferenceSession(source.Bytes, settings), CudaAndCpu, null);
        }
    }

    private static SessionOptions Settings(OnnxOptions options) => new()
    {
        IntraOpNumThreads = options.IntraOpThreads,
        InterOpNumThreads = 1,
        ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        // An error is reported by an exception, once.
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        GraphOptimizationLevel = options.Optimisation switch
        {
            OnnxOptimisation.None => GraphOptimizationLevel.ORT_DISABLE_ALL,
            OnnxOptimisation.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
            OnnxOptimisation.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
            _ => GraphOptimizationLevel.ORT_ENABLE_ALL,
        },
    };
}
