using Gbi.Events;
using Gbi.Onnx.Export;
using Gbi.Onnx.Graphs;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Onnx.Adoption;

/// <summary>
/// Makes a ratio of the contract of a network that others exported: nodes around it take the features, convert them to what the network
/// takes, and make ln r of what it gives.
/// </summary>
internal sealed class OnnxAdoption
{
    private const int OutputOrder = 1;
    private const int KindOrder = 2;

    // What hands its input's numbers on as they are.
    private static readonly HashSet<string> Copies = ["Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Transpose"];

    private readonly OnnxSource _source;
    private readonly OnnxMapping _mapping;
    private readonly ModelGraph _graph;
    private readonly AdoptionProblems _problems;

    private OnnxAdoption(OnnxSource source, OnnxMapping mapping, ModelGraph graph, string path)
    {
        _source = source;
        _mapping = mapping;
        _graph = graph;
        _problems = new AdoptionProblems(path);
        NoteOptions();
    }

    /// <summary>Adopts a network.</summary>
    /// <param name="source">The network.</param>
    /// <param name="mapping">What it takes and gives.</param>
    /// <param name="path">What a command line calls it.</param>
    /// <exception cref="DataException">It cannot be taken as a ratio; one message says all that is missing.</exception>
    public static AdoptedNetwork Adopt(OnnxSource source, OnnxMapping mapping, string path)
    {
        ModelGraph graph = ModelGraph.Parse(source.Bytes) ?? throw new DataException(
            $"{source.Name} is no ONNX model: its bytes are not those of one. Check the file, or export it again.");
        try
        {
            return graph.Opset is < AdoptedGraph.LowestOpset
                ? throw new DataException(Text(
                    $"{source.Name} has operators of opset {graph.Opset}, expected {AdoptedGraph.LowestOpset} or later; export it again ")
                        + "with a later opset.")
                : new OnnxAdoption(source, WithDefaults(mapping, graph), graph, path).Adopt();
        }
        catch (InvalidDataException cause)
        {
            // Attributes and graphs within nodes are read where they are asked for.
            throw new DataException($"{source.Name} is damaged: a part of it is no ONNX; copy it anew, or export it again.", cause);
        }
    }

    /// <summary>What a file of the contract says of itself stands where the mapping says nothing.</summary>
    private static OnnxMapping WithDefaults(OnnxMapping mapping, ModelGraph graph) =>
        graph.Metadata.GetValueOrDefault(OnnxContract.KindKey) != OnnxContract.RatioKind
            || graph.Outputs.All(output => output.Name != OnnxExport.LogRatioOutput)
            ? mapping
            : mapping with
            {
                Output = mapping.Output ?? OnnxExport.LogRatioOutput,
                Kind = mapping.Kind ?? (graph.Metadata.GetValueOrDefault(OnnxContract.OutputKey) == OnnxContract.ScoreOutput
                    ? OnnxOutputKind.Score
                    : OnnxOutputKind.LogRatio),
                Numerator = graph.Metadata.GetValueOrDefault(OnnxExport.NumeratorKey, mapping.Numerator),
                Denominator = graph.Metadata.GetValueOrDefault(OnnxExport.DenominatorKey, mapping.Denominator),
            };

    private AdoptedNetwork Adopt()
    {
        NetworkOutput[] candidates = NetworkOutput.Candidates(_graph);
        NetworkOutput? chosen = NetworkOutput.Choose(_graph, _mapping.Output, candidates, _problems, out string? slot);
        NetworkOutput[] tried = chosen is null ? candidates : [chosen];
        foreach (GraphNode node in tried.Select(output => TrainingMode.Find(_graph, output.Value)).OfType<GraphNode>().Distinct())
        {
            _problems.Impossible(
                $"its node {(node.Name.Length > 0 ? $"'{node.Name}' " : "")}({node.Operation}) is in training mode; export the network for "
                    + "inference (in PyTorch, call model.eval() before)");
        }

        NetworkInputs? inputs = InputsOf(tried);
        string? reason = null;
        AdoptionTrial? trial = inputs is null || tried.Length == 0 ? null
            : AdoptionTrial.Of(_graph, inputs, _mapping, [.. tried.Select(output => output.Value)], out reason);
        if (reason is not null)
        {
            _problems.Impossible($"it cannot be run ({reason}); export it again");
        }

        int?[] slots = [.. tried.Select((output, i) => trial is null ? null : SlotsOf(output, trial, i))];
        int? position = chosen is not null && slots[0] is { } found ? chosen.SlotOf(slot, found, _problems) : null;
        Suggest(chosen, tried, slots, position, trial);
        if (_problems.Any || chosen is null || position is null || trial is null || inputs is null)
        {
            throw _problems.ToException();
        }

        OnnxOutputKind kind = _mapping.Kind!.Value;
        string[] remarks = [.. RequireKind(chosen, kind, trial.Slot(0, slots[0]!.Value, position.Value)), .. trial.Remarks];
        return new AdoptedNetwork
        {
            Source = new OnnxSource(_source.Name, Write(inputs, trial, chosen, position.Value, slots[0]!.Value)),
            Features = inputs.Features,
            Output = chosen.Name,
            Kind = kind,
            Slot = position.Value,
            Slots = slots[0]!.Value,
            Label = chosen.Labels is { } labels && labels.Count == slots[0] ? labels[position.Value] : null,
            Batch = trial.Batch,
            Opset = _graph.Opset ?? OnnxGraph.CoreVersion,
            Producer = _graph.Producer,
            Remarks = remarks,
        };
    }

    private byte[] Write(NetworkInputs inputs, AdoptionTrial trial, NetworkOutput chosen, int slot, int slots)
    {
        OnnxOutputKind kind = _mapping.Kind!.Value;
        (string, string)[] metadata =
        [
            (OnnxContract.KindKey, OnnxContract.RatioKind),
            (OnnxExport.FeaturesKey, string.Join(',', inputs.Features)),
            (OnnxExport.NumeratorKey, _mapping.Numerator),
            (OnnxExport.DenominatorKey, _mapping.Denominator),
            (OnnxContract.OutputKey, NameOf(kind)),
        ];
        return new AdoptedGraph(_graph, inputs, _mapping.Standardise, trial.Batch).Write(
            [chosen.Value],
            (behind, here) => behind.Output(
                OnnxExport.LogRatioOutput,
                behind.Reshape(LogRatioNodes.Add(behind, here[0], kind, slot, slots).ToSingle().Name, -1)),
            metadata);
    }

    /// <summary>The inputs that the outputs need, and their columns.</summary>
    private NetworkInputs? InputsOf(NetworkOutput[] tried)
    {
        HashSet<string> taken =
            [.. tried.SelectMany(output => _graph.Needed(output.Value).SelectMany(node => node.Inputs.Concat(node.Captured))
                .Append(output.Value))];
        GraphTensor[] needed = [.. _graph.Inputs.Where(input => tried.Length == 0 || taken.Contains(input.Name))];
        string? named = _graph.Metadata.GetValueOrDefault(OnnxExport.FeaturesKey);

        // Columns may be given for inputs too that the output does not need.
        return _mapping.Features is { } features && needed.Length < _graph.Inputs.Count
            && _graph.Inputs.Sum(NetworkInput.WidthOf) == features.Count && needed.Sum(NetworkInput.WidthOf) != features.Count
            ? NetworkInputs.Of(_graph.Inputs, _mapping, named, _problems)?.Only(needed)
            : NetworkInputs.Of(needed, _mapping, named, _problems);
    }

    private int? SlotsOf(NetworkOutput output, AdoptionTrial trial, int index)
    {
        TrialValue first = trial.Blocks[0][index];
        if (first.SlotsOf(trial.Block) is { } slots)
        {
            return slots;
        }

        _problems.Impossible(Text(
            $"output '{output.Name}' is [{string.Join(", ", first.Shape)}] for {trial.Block} events, expected one row of numbers of each"));
        return null;
    }

    /// <summary>Notes an option that was not given, with a proposal from what the network gives.</summary>
    private void Suggest(NetworkOutput? chosen, NetworkOutput[] tried, int?[] slots, int? position, AdoptionTrial? trial)
    {
        int at = chosen is null
            ? Math.Max(0, Array.FindIndex(tried, output => output.Name.Contains("prob", StringComparison.OrdinalIgnoreCase)))
            : 0;
        // Where the network was not run, a slot that was named is as good as any.
        if (position is null && tried.Length > 0 && (chosen is null || slots[at] is not null || _mapping.Output is null))
        {
            string bracket = slots[at] is > 1 ? Text($"[{Math.Min(1, slots[at]!.Value - 1)}]") : "";
            _problems.Option(OutputOrder, $"--output {AdoptionProblems.Quoted(tried[at].Name + bracket)}");
        }

        if (_mapping.Kind is null)
        {
            _problems.Missing("what its output means is not said: a probability, a logit, a log-ratio or a score");
            bool isProbability = tried.Length > 0 && (trial is null
                ? IsProbability(tried[at])
                : slots[at] is { } count && trial.AreProbabilities(at, count) && (count > 1 || IsProbability(tried[at])));
            _problems.Option(KindOrder, $"--kind {NameOf(
                isProbability ? OnnxOutputKind.Probability
                : tried.Length > 0 && tried[at].Name == OnnxExport.LogRatioOutput ? OnnxOutputKind.LogRatio
                : OnnxOutputKind.Logit)}");
        }
    }

    /// <summary>Whether a sigmoid, a softmax or a classifier gives an output, or its name says so.</summary>
    private bool IsProbability(NetworkOutput output) =>
        LastStep(output) is { } last && (last.Operation is "Sigmoid" or "Softmax"
            || last.Attribute("post_transform")?.Text(4) is "LOGISTIC" or "SOFTMAX")
        || output.Name.Contains("prob", StringComparison.OrdinalIgnoreCase);

    /// <summary>The node that makes the numbers of an output, behind which they are handed on.</summary>
    private GraphNode? LastStep(NetworkOutput output)
    {
        string value = output.Value;
        while (_graph.Giver(value) is { } giver && Copies.Contains(giver.Operation) && giver.Inputs.Count > 0)
        {
            value = giver.Inputs[0];
        }

        return _graph.Giver(value);
    }

    /// <summary>Requires the numbers of a slot to be of the kind that they are called; returns what the user should know.</summary>
    private IEnumerable<string> RequireKind(NetworkOutput output, OnnxOutputKind kind, double[] values)
    {
        double? outside = values.Where(AdoptionTrial.IsNoProbability).Select(value => (double?)value).FirstOrDefault();
        if (kind == OnnxOutputKind.Probability && outside is { } wrong)
        {
            throw new DataException(Text(
                $"Output '{output.Name}' of {_source.Name} is called a probability, but gives {wrong:G6} in a trial, expected numbers in ")
                    + $"[0, 1]; what goes into a sigmoid or softmax is --kind {NameOf(OnnxOutputKind.Logit)}, ln r itself --kind "
                    + $"{NameOf(OnnxOutputKind.LogRatio)}, any other number --kind {NameOf(OnnxOutputKind.Score)}.");
        }

        if (!values.All(double.IsFinite))
        {
            yield return $"'{output.Name}' gave no finite number for some events of a trial, whose features lie between 0 and 1, as a "
                + "logarithm of a negative number does; if it does so for events of yours, they cannot be scored.";
        }

        if (kind is OnnxOutputKind.Logit or OnnxOutputKind.LogRatio && outside is null)
        {
            if (LastStep(output) is { Operation: "Sigmoid" or "Softmax" } last)
            {
                throw new DataException(
                    $"Output '{output.Name}' of {_source.Name} is called a {NameOf(kind)}, but a {last.Operation} gives it: it is a "
                        + $"probability, --kind {NameOf(OnnxOutputKind.Probability)}.");
            }

            yield return $"All numbers that '{output.Name}' gave in a trial lie between 0 and 1, as probabilities do; if it is one, it "
                + $"needs --kind {NameOf(OnnxOutputKind.Probability)}.";
        }
    }

    /// <summary>The word of a kind on the command line.</summary>
    public static string NameOf(OnnxOutputKind kind) =>
        kind == OnnxOutputKind.LogRatio ? "log-ratio" : kind.ToString().ToLowerInvariant();

    /// <summary>The options that the mapping is made of, for the command line that mends the rest.</summary>
    private void NoteOptions()
    {
        string[] inputs = [.. _mapping.Inputs.Select(input => AdoptionProblems.Quoted($"{input.Key}={string.Join(',', input.Value)}"))];
        string[] given =
        [
            .. (_mapping.Features is { } features ? string.Join(',', features)
                : _mapping.Inputs.Count == 0 ? _graph.Metadata.GetValueOrDefault(OnnxExport.FeaturesKey)
                : null) is { } names ? [$"--features {AdoptionProblems.Quoted(names)}"] : (string[])[],
            .. inputs.Select(input => $"--input {input}"),
        ];
        if (given.Length > 0)
        {
            _problems.Option(0, string.Join(' ', given));
        }

        if (_mapping.Output is { } output)
        {
            _problems.Option(OutputOrder, $"--output {AdoptionProblems.Quoted(output)}");
        }

        if (_mapping.Kind is { } kind)
        {
            _problems.Option(KindOrder, $"--kind {NameOf(kind)}");
        }

        if (_mapping.Standardise.Count > 0)
        {
            _problems.Option(KindOrder + 1, $"--standardise {AdoptionProblems.Quoted(string.Join(',', _mapping.Standardise
                .Select(scale => Text($"{scale.Key}={scale.Value.Mean:R}:{scale.Value.Width:R}"))))}");
        }
    }
}
