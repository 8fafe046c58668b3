using System.Runtime.InteropServices;
using Gbi.Events;
using Microsoft.ML.OnnxRuntime;

namespace Gbi.Onnx.Sessions;

/// <summary>
/// Runs one block of events after another: inputs are written to <see cref="Input"/>, <see cref="Run(int)"/> fills the outputs. Tensors are
/// made once for a number of events and then used again, so that a block allocates what one call of the runtime does and no more.
/// </summary>
internal sealed class OnnxLane : IDisposable
{
    private readonly OnnxNetwork _network;
    private readonly InferenceSession[] _sessions;
    private readonly bool _ownsSessions;
    private readonly HostBuffer[] _inputs;
    private readonly HostBuffer[][] _outputs;
    private readonly OrtIoBinding[]? _bindings;
    private readonly RunOptions _run = new();
    private readonly string[] _inputNames;
    private readonly string[][] _outputNames;
    private OrtValue[] _inputTensors = [];
    private OrtValue[][] _outputTensors = [];
    private int _shapedFor = -1;

    public OnnxLane(OnnxNetwork network, bool ownsSessions)
    {
        _network = network;
        _ownsSessions = ownsSessions;
        _sessions = [.. network.Graphs.Select(graph => ownsSessions ? graph.OpenAnother() : graph.Session)];
        _inputNames = [.. network.Inputs.Select(input => input.Name)];
        _outputNames = [.. network.Graphs.Select(graph => graph.Outputs.Select(output => output.Name).ToArray())];
        Capacity = Math.Max(network.BlockSize, network.PadsSingle ? 2 : 1);
        _inputs = [.. network.Inputs.Select(input => Allocate(0, input.Width))];
        _outputs = [.. network.Graphs.Select((graph, g) => graph.Outputs.Select(output => Allocate(g, output.Slots)).ToArray())];
        _bindings = network.UsesCuda ? [.. _sessions.Select(session => session.CreateIoBinding())] : null;
    }

    /// <summary>Most events of a block.</summary>
    public int Capacity { get; }

    /// <summary>Where an input is written, [events × width].</summary>
    public Span<float> Input(int input) => _inputs[input].Values;

    /// <summary>What the last run gave, in the shape of the output.</summary>
    public ReadOnlySpan<float> Output(int graph, int output, int count) =>
        _outputs[graph][output].Values[..(BatchOf(count) * _network.Graphs[graph].Outputs[output].Slots)];

    /// <summary>Events that an output holds for a block of so many: as many as a fixed batch has, and two for one that a graph would
    /// squeeze away.</summary>
    public int BatchOf(int count) => _network.FixedBatch ?? (count == 1 && _network.PadsSingle ? 2 : count);

    /// <summary>Runs the graphs on the inputs of so many events.</summary>
    /// <exception cref="DataException">The runtime fails.</exception>
    public void Run(int count)
    {
        int batch = BatchOf(count);
        Pad(count, batch);
        Shape(batch);
        Guarded(() => RunAll(_inputTensors));
    }

    /// <summary>Runs the graphs on rows that lie in memory as the one input wants them, without a copy on the processor.</summary>
    public void Run(ReadOnlyMemory<float> rows, int count)
    {
        if (BatchOf(count) != count || _bindings is not null)
        {
            rows.Span.CopyTo(Input(0));
            Run(count);
            return;
        }

        Shape(count);
        using OrtValue tensor = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, MemoryMarshal.AsMemory(rows), _network.Inputs[0].Shape(count));
        Guarded(() => RunAll([tensor]));
    }

    public void Dispose()
    {
        DropTensors();
        foreach (IDisposable held in _inputs.Concat(_outputs.SelectMany(outputs => outputs)).Concat<IDisposable>(_bindings ?? []))
        {
            held.Dispose();
        }

        _run.Dispose();
        if (_ownsSessions)
        {
            Array.ForEach(_sessions, session => session.Dispose());
        }
    }

    private HostBuffer Allocate(int graph, int width)
    {
        int length = checked(Capacity * width);
        if (!_network.UsesCuda)
        {
            return HostBuffer.OnHeap(length);
        }

        try
        {
            return HostBuffer.PageLocked(_sessions[graph], _network.Options.DeviceId, length);
        }
        catch (OnnxRuntimeException)
        {
            // A machine may have run out of such memory; copies from the heap take a detour and give the same.
            return HostBuffer.OnHeap(length);
        }
    }

    private void Pad(int count, int batch)
    {
        for (int input = 0; input < _inputs.Length && batch > count; input++)
        {
            int width = _network.Inputs[input].Width;
            Input(input)[(count * width)..(batch * width)].Clear();
        }
    }

    private void Shape(int batch)
    {
        if (_shapedFor == batch)
        {
            return;
        }

        DropTensors();
        _inputTensors = [.. _inputs.Select((buffer, i) => buffer.Tensor(_network.Inputs[i].Shape(batch)))];
        _outputTensors = [.. _outputs.Select((buffers, g) =>
            buffers.Select((buffer, o) => buffer.Tensor(_network.Graphs[g].Outputs[o].Shape(batch))).ToArray())];
        _shapedFor = batch;
    }

    private void RunAll(OrtValue[] inputs)
    {
        for (int graph = 0; graph < _sessions.Length; graph++)
        {
            if (_bindings is null)
            {
                _sessions[graph].Run(_run, _inputNames, inputs, _outputNames[graph], _outputTensors[graph]);
            }
            else
            {
                RunBound(_sessions[graph], _bindings[graph], inputs, _outputNames[graph], _outputTensors[graph]);
            }
        }
    }

    // Binding an input copies it to the GPU as it is now, so that it is bound anew for every block.
    private void RunBound(InferenceSession session, OrtIoBinding binding, OrtValue[] inputs, string[] outputNames, OrtValue[] outputs)
    {
        for (int input = 0; input < inputs.Length; input++)
        {
            binding.BindInput(_inputNames[input], inputs[input]);
        }

        for (int output = 0; output < outputs.Length; output++)
        {
            binding.BindOutput(outputNames[output], outputs[output]);
        }

        binding.SynchronizeBoundInputs();
        session.RunWithBinding(_run, binding);
        binding.SynchronizeBoundOutputs();
    }

    private void Guarded(Action work)
    {
        try
        {
            OnnxRun.Ended(
                _run,
                () =>
                {
                    work();
                    return true;
                },
                _network.Options.Cancellation);
        }
        catch (OnnxRuntimeException cause)
        {
            throw new DataException(
                $"{_network.Name} cannot be run on {_network.Provider} in blocks of {Capacity:N0} events ({OnnxSessions.Reason(cause)}); "
                    + $"try smaller blocks, or export it again.",
                cause);
        }
    }

    private void DropTensors()
    {
        foreach (OrtValue tensor in _inputTensors.Concat(_outputTensors.SelectMany(tensors => tensors)))
        {
            tensor.Dispose();
        }

        _shapedFor = -1;
    }
}
