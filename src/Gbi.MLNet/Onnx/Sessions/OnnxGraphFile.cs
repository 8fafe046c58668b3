using Gbi.Events;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions.Native;
using Gbi.Onnx.Sessions.Trials;
using Microsoft.ML.OnnxRuntime;

namespace Gbi.Onnx.Sessions;

/// <summary>A graph whose inputs and outputs were found to be those that a model asks for.</summary>
internal sealed class OnnxGraphFile : IDisposable
{
    // More events in a fixed batch than any network is trained with, whose buffers nobody would have memory for.
    private const int MaxBatch = 1 << 20;

    private readonly OnnxSource _source;
    private readonly OnnxOptions _options;
    private OpenedSession? _opened;

    private OnnxGraphFile(OnnxSource source, OnnxOptions options, OpenedSession opened)
    {
        _source = source;
        _options = options;
        _opened = opened;
        (Provider, ProviderReason, UsesCuda) = (opened.Provider, opened.Reason, opened.UsesCuda);
        Metadata = opened.Session.ModelMetadata.CustomMetadataMap;
    }

    public string Name => _source.Name;

    public OnnxSource Source => _source;

    /// <summary>Where it runs.</summary>
    public string Provider { get; }

    /// <summary>Why not on a GPU, where one was looked for; otherwise null.</summary>
    public string? ProviderReason { get; }

    public bool UsesCuda { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyList<OnnxInput> Inputs { get; private set; } = [];

    public IReadOnlyList<OnnxOutput> Outputs { get; private set; } = [];

    /// <summary>The one number of events that the graph takes; null where it takes any.</summary>
    public int? FixedBatch { get; private set; }

    /// <summary>Whether one event alone is given as two: the graph squeezes the dimension of events away where it is 1.</summary>
    public bool PadsSingle { get; private set; }

    /// <summary>The session that all workers share on the processor, and the first of them uses on a GPU.</summary>
    public InferenceSession Session => (_opened ?? throw new ObjectDisposedException(Name)).Session;

    /// <summary>Opens a file and compares it with what is asked for.</summary>
    /// <param name="source">The file.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="ask">What is asked for, by the file's metadata.</param>
    /// <exception cref="DataException">The runtime refuses the file, or it is not as asked for; the message says in what.</exception>
    public static OnnxGraphFile Open(OnnxSource source, OnnxOptions options, Func<OnnxGraphFile, OnnxRequest> ask)
    {
        OpenedSession opened = OnnxSessions.Open(source, options);
        try
        {
            return Checked(source, options, opened, ask);
        }
        catch (DataException cause)
            when (opened.UsesCuda && options.Device == OnnxDevice.Auto && cause.InnerException is OnnxRuntimeException gpu)
        {
            // The GPU opened the network and failed to run it; what the processor cannot run either is wrong by itself.
            OpenedSession onCpu = OnnxSessions.Open(source, options with { Device = OnnxDevice.Cpu });
            return Checked(source, options, onCpu with { Reason = CudaProvider.Explain(gpu).Reason }, ask);
        }
    }

    private static OnnxGraphFile Checked(OnnxSource source, OnnxOptions options, OpenedSession opened, Func<OnnxGraphFile, OnnxRequest> ask)
    {
        var graph = new OnnxGraphFile(source, options, opened);
        try
        {
            graph.Check(ask(graph));
            return graph;
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    /// <summary>One more session of the same file, for a worker of its own.</summary>
    public InferenceSession OpenAnother() => OnnxSessions.Open(_source, _options).Session;

    /// <summary>The names in a property of the metadata, or null where it is missing.</summary>
    /// <exception cref="DataException">A name is empty or stands twice.</exception>
    public string[]? Names(string key)
    {
        if (!Metadata.TryGetValue(key, out string? text) || text.Length == 0)
        {
            return null;
        }

        string[] names = [.. text.Split(',').Select(name => name.Trim())];
        return names.All(name => name.Length > 0) && names.Distinct(StringComparer.Ordinal).Count() == names.Length
            ? names
            : throw new DataException(
                $"{key} in {Name} is '{text}', expected names with commas between them, none empty or twice; export it again.");
    }

    public void Dispose()
    {
        _opened?.Session.Dispose();
        _opened = null;
    }

    private void Check(OnnxRequest request)
    {
        if (Metadata.TryGetValue(OnnxContract.KindKey, out string? kind) && kind != request.Kind)
        {
            throw new DataException($"{Name} is a {kind} ({OnnxContract.KindKey}), expected a {request.Kind}; give another file.");
        }

        Inputs = CheckInputs(request);
        foreach ((string name, _) in request.Outputs)
        {
            if (!Session.OutputMetadata.ContainsKey(name))
            {
                throw new DataException(
                    $"{Name} has no output '{name}', which a {request.Kind} needs; its outputs are "
                        + $"{string.Join(", ", Session.OutputMetadata.Keys)}.");
            }
        }

        Outputs = Try([.. request.Outputs, .. request.OptionalOutputs.Where(output => Session.OutputMetadata.ContainsKey(output.Name))]);
        int count = FixedBatch ?? TrialEvents.Count;
        RequireIndependence([.. Inputs.Select(input => TrialEvents.Rows(count, input.Width))], count);
    }

    private OnnxInput[] CheckInputs(OnnxRequest request)
    {
        string[] needed = [.. request.Inputs.Select(input => input.Name)];
        string[] known = [.. needed, .. request.OptionalInputs.Select(input => input.Name)];
        ICollection<string> found = [.. Session.InputMetadata.Keys];
        if (needed.Except(found).Any() || found.Except(known).Any())
        {
            string optional = request.OptionalInputs.Count == 0
                ? ""
                : $" and possibly {string.Join(", ", request.OptionalInputs.Select(input => input.Name))}";
            throw new DataException(
                $"{Name} has the inputs {string.Join(", ", found)}, expected {string.Join(", ", needed)}{optional} of a {request.Kind}; "
                    + $"name them so in the export.");
        }

        return
        [
            .. request.Inputs.Concat(request.OptionalInputs)
                .Where(input => found.Contains(input.Name))
                .Select(input => CheckInput(input.Name, input.Width))
        ];
    }

    private OnnxInput CheckInput(string name, int? wanted)
    {
        NodeMetadata node = Session.InputMetadata[name];
        if (!node.IsTensor || node.ElementType != typeof(float)
            || node.Dimensions is not [var batch, var width] || batch == 0 || width == 0)
        {
            string found = node.IsTensor ? $"{node.ElementDataType} [{string.Join(", ", node.Dimensions)}]" : "no tensor";
            throw new DataException(
                $"Input '{name}' of {Name} is {found}, expected Float [events, columns]; export it again.");
        }

        if (width > 0 && wanted is { } expected && width != expected)
        {
            throw new DataException(
                $"Input '{name}' of {Name} takes {width} numbers per event, but its metadata name {expected}; export it again with one "
                    + $"name a column.");
        }

        if (width < 0 && wanted is null)
        {
            throw new DataException(
                $"Input '{name}' of {Name} leaves its width open and its metadata do not name the columns; export it with names or a "
                    + $"width.");
        }

        if (batch > MaxBatch)
        {
            throw new DataException(
                $"Input '{name}' of {Name} takes {batch:N0} events at a time, expected {MaxBatch:N0} at most; export it with an open "
                    + "number of events.");
        }

        if (batch > 0 && (FixedBatch ?? batch) != batch)
        {
            throw new DataException($"The inputs of {Name} take different numbers of events, {FixedBatch} and {batch}; export it again.");
        }

        FixedBatch = batch > 0 ? batch : FixedBatch;
        return new OnnxInput(name, width > 0 ? width : wanted!.Value);
    }

    /// <summary>Runs a few events: the shapes that a file declares need not be those that it gives.</summary>
    private OnnxOutput[] Try((string Name, OutputForm Form)[] wanted)
    {
        int count = FixedBatch ?? TrialEvents.Count;
        float[][] trial = [.. Inputs.Select(input => TrialEvents.Rows(count, input.Width))];
        return Run(trial, count, [.. wanted.Select(output => output.Name)], outputs =>
            (OnnxOutput[])[.. wanted.Select((output, i) => Shaped(output.Name, output.Form, outputs[i], count))]);
    }

    /// <summary>Requires that each event's outputs depend on that event alone.</summary>
    /// <param name="inputs">Numbers of each input for some events, [events × width].</param>
    /// <param name="count">Number of events.</param>
    /// <exception cref="DataException">They do not; the message holds an event.</exception>
    public void RequireIndependence(float[][] inputs, int count) => EventIndependence.Require(
        Name, inputs, count, FixedBatch is not null, RunRows,
        UsesCuda ? EventIndependence.CudaTolerance : EventIndependence.CpuTolerance);

    /// <summary>All outputs of some events, event by event.</summary>
    private float[][] RunRows(float[][] inputs, int count)
    {
        try
        {
            return RunAsTheyAre(inputs, count);
        }
        catch (DataException) when (count == 1 && FixedBatch is null)
        {
            // A step within may squeeze the one event away, and the next find a dimension too few.
            PadsSingle = true;
            return [.. RunAsTheyAre([.. inputs.Select(values => (float[])[.. values, .. values])], 2)
                .Select(values => values[..(values.Length / 2)])];
        }
    }

    private float[][] RunAsTheyAre(float[][] inputs, int count) => Run(
        inputs, count, [.. Outputs.Select(output => output.Name)], values => values.Select((value, o) =>
        {
            OnnxOutput output = Outputs[o];
            ReadOnlySpan<float> numbers = value.GetTensorDataAsSpan<float>();
            if (numbers.Length != count * output.Slots)
            {
                throw new DataException(
                    $"Output '{output.Name}' of {Name} is Float [{string.Join(", ", value.GetTensorTypeAndShape().Shape)}] for {count} "
                        + $"events, expected {output.Slots} numbers of each; export it again.");
            }

            PadsSingle |= count == 1 && !value.GetTensorTypeAndShape().Shape.SequenceEqual(output.Shape(1));
            return output.IsMemberMajor ? Transposed(numbers, output.Slots, count) : numbers.ToArray();
        }).ToArray());

    private T Run<T>(float[][] inputs, int count, string[] wanted, Func<IReadOnlyList<OrtValue>, T> use)
    {
        OrtValue[] values = [.. Inputs.Select((input, i) => OrtValue.CreateTensorValueFromMemory(inputs[i], input.Shape(count)))];
        try
        {
            using var run = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> outputs = OnnxRun.Ended(
                run, () => Session.Run(run, [.. Inputs.Select(input => input.Name)], values, wanted), _options.Cancellation);
            return use(outputs);
        }
        catch (OnnxRuntimeException cause)
        {
            throw new DataException($"{Name} cannot be run ({OnnxSessions.Reason(cause)}); export it again.", cause);
        }
        finally
        {
            Array.ForEach(values, value => value.Dispose());
        }
    }

    private static float[] Transposed(ReadOnlySpan<float> values, int slots, int count)
    {
        float[] rows = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            rows[(i % count * slots) + (i / count)] = values[i];
        }

        return rows;
    }

    private OnnxOutput Shaped(string name, OutputForm form, OrtValue value, int count)
    {
        OrtTensorTypeAndShapeInfo found = value.GetTensorTypeAndShape();
        OnnxOutput? output = found.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float
            ? OnnxOutput.Of(name, form, found.Shape, count)
            : null;
        return output ?? throw new DataException(
            $"Output '{name}' of {Name} is {found.ElementDataType} [{string.Join(", ", found.Shape)}] for {count} events, expected Float "
                + $"{OnnxOutput.Allowed(form, count)}; export it again.");
    }
}
