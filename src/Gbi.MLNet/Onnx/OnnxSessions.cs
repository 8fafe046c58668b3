using System.Globalization;
using Gbi.Events;
using Microsoft.ML.OnnxRuntime;

namespace Gbi.Onnx;

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
    /// <exception cref="DataException">The runtime is not there or refuses the file, or CUDA alone was asked for and cannot be had.</exception>
    public static OpenedSession Open(OnnxSource source, OnnxOptions options)
    {
        try
        {
            if (options.Device == OnnxDevice.Cpu)
            {
                return new OpenedSession(OnCpu(source, options), Cpu, null);
            }

            if (CudaLibraries.Missing() is { } missing)
            {
                return options.Device == OnnxDevice.Auto ? new OpenedSession(OnCpu(source, options), Cpu, missing) : throw NoCuda(missing, null);
            }

            return WithCuda(source, options);
        }
        catch (OnnxRuntimeException cause)
        {
            throw new DataException($"ONNX Runtime refuses {source.Name} ({Reason(cause)}); export it again, with an opset that this version knows.", cause);
        }
        catch (Exception cause) when (cause is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw new DataException(
                "The native library of ONNX Runtime cannot be loaded here; reference Microsoft.ML.OnnxRuntime or Microsoft.ML.OnnxRuntime.Gpu for this platform.",
                cause);
        }
    }

    /// <summary>The runtime's message as a part of a sentence.</summary>
    public static string Reason(Exception cause) => cause.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.');

    private static InferenceSession OnCpu(OnnxSource source, OnnxOptions options)
    {
        using SessionOptions settings = Settings(options);
        return new InferenceSession(source.Bytes, settings);
    }

    // A session that may not use the processor opens only where the GPU has a kernel for every operator, which is how to know.
    private static OpenedSession WithCuda(OnnxSource source, OnnxOptions options)
    {
        try
        {
            return new OpenedSession(OnCuda(source, options, mayUseCpu: false), Cuda, null);
        }
        catch (OnnxRuntimeException)
        {
            try
            {
                return new OpenedSession(OnCuda(source, options, mayUseCpu: true), CudaAndCpu, null);
            }
            catch (OnnxRuntimeException cause)
            {
                // A file that the processor refuses too is wrong by itself.
                InferenceSession session = OnCpu(source, options);
                if (options.Device == OnnxDevice.Auto)
                {
                    return new OpenedSession(session, Cpu, Reason(cause));
                }

                session.Dispose();
                throw NoCuda(Reason(cause), cause);
            }
        }
    }

    private static InferenceSession OnCuda(OnnxSource source, OnnxOptions options, bool mayUseCpu)
    {
        using SessionOptions settings = Settings(options);
        using var cuda = new OrtCUDAProviderOptions();
        var values = new Dictionary<string, string>
        {
            ["device_id"] = Text(options.DeviceId),
            ["arena_extend_strategy"] = options.Arena == OnnxArena.AsRequested ? "kSameAsRequested" : "kNextPowerOfTwo",
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            ["use_tf32"] = options.AllowTf32 ? "1" : "0",
        };
        if (options.GpuMemoryLimit is { } limit)
        {
            values["gpu_mem_limit"] = Text(limit);
        }

        cuda.UpdateOptions(values);
        settings.AppendExecutionProvider_CUDA(cuda);
        if (!mayUseCpu)
        {
            settings.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
        }

        return new InferenceSession(source.Bytes, settings);
    }

    private static SessionOptions Settings(OnnxOptions options) => new()
    {
        IntraOpNumThreads = options.IntraOpThreads,
        InterOpNumThreads = 1,
        ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        // What goes wrong is told by an exception, once.
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        GraphOptimizationLevel = options.Optimisation switch
        {
            OnnxOptimisation.None => GraphOptimizationLevel.ORT_DISABLE_ALL,
            OnnxOptimisation.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
            OnnxOptimisation.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
            _ => GraphOptimizationLevel.ORT_ENABLE_ALL,
        },
    };

    private static DataException NoCuda(string reason, Exception? cause) => new(
        $"The network cannot run with CUDA: {reason}; or choose the device Auto or Cpu.", cause!);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
