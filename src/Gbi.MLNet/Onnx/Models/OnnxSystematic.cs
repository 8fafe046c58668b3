using System.Text.Json;
using Gbi.Events;
using Gbi.Onnx.Export;
using Gbi.Onnx.Sessions;
using Gbi.Ratios.Parametric;

namespace Gbi.Onnx.Models;

/// <summary>
/// A systematic by a network trained outside: the coefficients Δ_A(x) of dσ(x|ν)/dσ(x|0) = exp Σ_A ν_A Δ_A(x). May be used from several
/// threads at once.
/// </summary>
public sealed class OnnxSystematic : IParametricRatio, IDisposable
{
    private const string Format = "gbi-onnx-systematic/1";

    private readonly OnnxNetwork _network;

    private OnnxSystematic(OnnxNetwork network, OnnxOptions options)
    {
        OnnxGraphFile graph = network.Graphs[0];
        _network = network;
        Options = options;
        Features = OnnxNames.Features(graph, null);
        Parameters = OnnxNames.Required(graph, OnnxContract.ParametersKey, "parameters");
        Monomials = MonomialsOf(graph);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Features { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Parameters { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Monomial> Monomials { get; }

    /// <summary>Where it runs: "CUDA", "CUDA and CPU" or "CPU".</summary>
    public string Provider => _network.Provider;

    /// <summary>Why it does not run on a GPU, where one was looked for; otherwise null.</summary>
    public string? ProviderReason => _network.ProviderReason;

    /// <summary>Events in a block.</summary>
    public int BlockSize => _network.BlockSize;

    /// <summary>How it was opened.</summary>
    public OnnxOptions Options { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataException">The file is missing or refused, or not what is expected of a systematic; the message says in
    /// what.</exception>
    public static OnnxSystematic Open(string path, OnnxOptions? options = null) =>
        Open(OnnxSource.Read(path), options ?? new OnnxOptions());

    /// <summary>Opens a file in memory.</summary>
    /// <exception cref="DataException">The file is refused, or not what is expected of a systematic; the message says in what.</exception>
    public static OnnxSystematic Open(byte[] model, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Open(OnnxSource.Of(model), options ?? new OnnxOptions());
    }

    /// <inheritdoc/>
    public float[] Coefficients(EventTable events) => Coefficients(events, 0, CancellationToken.None);

    /// <summary>The same for events that follow others, which count in messages.</summary>
    internal float[] Coefficients(EventTable events, long firstEvent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        float[] coefficients = new float[checked(events.Count * Monomials.Count)];
        var unusable = new UnusableOutputs();
        TensorColumns features = TensorColumns.Of(events, Features);
        _network.ForEachBlock(
            events.Count,
            (lane, start, length) =>
            {
                features.Write(start, length, lane.Input(0));
                lane.Run(length);
                Take(lane, length, coefficients.AsSpan(start * Monomials.Count, length * Monomials.Count), start, unusable);
            },
            cancellation);
        unusable.RequireNone(OutputName, firstEvent, events.Count, row => OnnxNames.MissingAt(events, Features, row));
        return coefficients;
    }

    /// <summary>The systematic as one line of text that <see cref="Parse"/> reads: the file in base 64, and how it is run.</summary>
    public string Serialize() => JsonSerializer.Serialize(
        new OnnxSystematicDocument { Format = Format, Model = _network.Graphs[0].Source, Options = Options },
        OnnxJson.Default.OnnxSystematicDocument);

    /// <summary>Reads what <see cref="Serialize"/> wrote, and opens it on the device that stands in it.</summary>
    /// <exception cref="DataException">The text is no such systematic of this version, or the device cannot be had.</exception>
    public static OnnxSystematic Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            OnnxSystematicDocument document = JsonSerializer.Deserialize(text, OnnxJson.Default.OnnxSystematicDocument)
                ?? throw new JsonException("The document is null.");
            return document.Format == Format ? Open(document.Model, document.Options) : throw new DataException(
                $"The systematic by a network has format '{document.Format}', expected '{Format}'; save it again with this version.");
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            throw new DataException($"The text is no systematic by a network: {failure.Message}", failure);
        }
    }

    /// <summary>Closes the session.</summary>
    public void Dispose() => _network.Dispose();

    internal static OnnxSystematic Open(OnnxSource source, OnnxOptions options)
    {
        OnnxNetwork network = OnnxNetwork.Open([source], options, graph => new OnnxRequest(
            OnnxContract.SystematicKind,
            [(OnnxExport.FeaturesInput, OnnxNames.Features(graph, null).Length)],
            [],
            [(OnnxExport.CoefficientsOutput, OutputForm.Columns)],
            []));
        try
        {
            var systematic = new OnnxSystematic(network, options);
            systematic.RequireMonomials();
            return systematic;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Δ_A of rows as a transformer reads them, [count × features], without a copy of them.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="coefficients">Filled, [count × monomials].</param>
    /// <exception cref="DataException">The network gives no number for a row.</exception>
    internal void CoefficientsOfRows(ReadOnlyMemory<float> rows, int count, Memory<float> coefficients)
    {
        var unusable = new UnusableOutputs();
        int width = Features.Count;
        int terms = Monomials.Count;
        _network.ForEachBlock(count, (lane, start, length) =>
        {
            lane.Run(rows.Slice(start * width, length * width), length);
            Take(lane, length, coefficients.Span.Slice(start * terms, length * terms), start, unusable);
        });
        unusable.RequireNone(OutputName, 0, count, row => OnnxNames.MissingAt(rows.Span, Features, (int)row));
    }

    private string OutputName => $"{OnnxExport.CoefficientsOutput} of {_network.Name}";

    private void Take(OnnxLane lane, int count, Span<float> coefficients, int start, UnusableOutputs unusable)
    {
        lane.Output(0, 0, count)[..coefficients.Length].CopyTo(coefficients);
        unusable.AddRows(coefficients, Monomials.Count, start);
    }

    private static Monomial[] MonomialsOf(OnnxGraphFile graph)
    {
        try
        {
            return [.. OnnxNames.Required(graph, OnnxContract.MonomialsKey, "monomials").Select(Monomial.Parse)];
        }
        catch (ArgumentException cause)
        {
            throw new DataException(
                $"{OnnxContract.MonomialsKey} of {graph.Name} is wrong: {cause.Message.TrimEnd('.')}; export it again.", cause);
        }
    }

    private void RequireMonomials()
    {
        int outputs = _network.Graphs[0].Outputs[0].Slots;
        if (outputs != Monomials.Count)
        {
            throw new DataException(
                $"{OutputName} has {outputs} columns, but its metadata name {Monomials.Count} monomials ({string.Join(", ", Monomials)}); "
                    + $"export it again with one per column.");
        }

        try
        {
            _ = new ParameterPolynomial(Parameters, Monomials);
        }
        catch (ArgumentException cause)
        {
            throw new DataException($"The metadata of {_network.Name} are wrong: {cause.Message.TrimEnd('.')}; export it again.", cause);
        }
    }
}
