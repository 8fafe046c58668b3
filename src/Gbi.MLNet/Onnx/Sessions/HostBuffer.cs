using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Gbi.Onnx.Sessions;

/// <summary>Numbers of a block in memory that stays where it is, and tensors over the first of them.</summary>
internal sealed class HostBuffer : IDisposable
{
    private readonly float[]? _array;
    private readonly OrtValue? _pageLocked;
    private readonly OrtAllocator? _allocator;
    private readonly OrtMemoryInfo? _memory;

    private HostBuffer(float[] array) => _array = array;

    private HostBuffer(OrtValue pageLocked, OrtAllocator allocator, OrtMemoryInfo memory)
    {
        _pageLocked = pageLocked;
        _allocator = allocator;
        _memory = memory;
    }

    /// <summary>The numbers.</summary>
    public Span<float> Values => _array ?? _pageLocked!.GetTensorMutableDataAsSpan<float>();

    /// <summary>Memory for a session on the processor.</summary>
    public static HostBuffer OnHeap(int length) => new(GC.AllocateUninitializedArray<float>(length, pinned: true));

    /// <summary>Memory that a GPU copies from and to without a detour.</summary>
    public static HostBuffer PageLocked(InferenceSession session, int deviceId, int length)
    {
        var memory = new OrtMemoryInfo(
            OrtMemoryInfo.allocatorCUDA_PINNED, OrtAllocatorType.DeviceAllocator, deviceId, OrtMemType.CpuOutput);
        var allocator = new OrtAllocator(session, memory);
        return new HostBuffer(OrtValue.CreateAllocatedTensorValue(allocator, TensorElementType.Float, [length]), allocator, memory);
    }

    /// <summary>A tensor over the first numbers; to be disposed of before the buffer.</summary>
    public OrtValue Tensor(long[] shape)
    {
        if (_array is not null)
        {
            return OrtValue.CreateTensorValueFromMemory(_array, shape);
        }

        Span<float> values = Values;
        unsafe
        {
            // Memory of the runtime, which no collector moves.
            return OrtValue.CreateTensorValueWithData(
                _memory!, TensorElementType.Float, shape, (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(values)),
                (long)sizeof(float) * values.Length);
        }
    }

    public void Dispose()
    {
        _pageLocked?.Dispose();
        _allocator?.Dispose();
        _memory?.Dispose();
    }
}
