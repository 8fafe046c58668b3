using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Documents;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.HistFactory;
using Gbi.Likelihoods.Model;
using Gbi.Reports.Json.Fits;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Options;

/// <summary>
/// The model that a verb works on: a file that is told by its content to be a model of ours or a pyhf workspace, of the latter patches and
/// a measurement, and changes of its parameters.
/// </summary>
internal sealed class ModelOptions
{
    private readonly Argument<string> _file = new("MODEL")
    {
        Description = "Likelihood model of gbi (JSON with \"gbiModel\") or pyhf workspace; - for standard input."
    };

    private readonly PatchOptions _patches = new();

    private readonly Option<string> _measurement = OptionOf.Text(
        "--measurement", "NAME", "Measurement of a workspace.", defaultsTo: "the first");

    private readonly ParameterOptions _parameters = new();

    public void AddTo(Command verb)
    {
        verb.Arguments.Add(_file);
        verb.AddAll([.. _patches.Options, _measurement]);
        _parameters.AddTo(verb);
    }

    public OpenedModel Open(ParseResult parsed, CancellationToken cancellation)
    {
        string file = parsed.GetRequiredValue(_file);
        OpenedModel opened = Open(file, parsed, cancellation);
        string? name = opened.Patches.Count > 0
            ? $"{DocumentInput.NameOf(file)} with {string.Join(" and ", opened.Patches)}"
            : file == DocumentInput.Standard ? null : Path.GetFileName(file);
        return opened with { Name = name };
    }

    private OpenedModel Open(string file, ParseResult parsed, CancellationToken cancellation)
    {
        DocumentInput.RequireStandardOnce([file, .. _patches.Files(parsed)]);
        string text = DocumentInput.Read(file);
        if (!LikelihoodModelBuilder.IsDocument(text))
        {
            return OfWorkspace(file, text, parsed);
        }

        foreach (Option option in (Option[])[.. _patches.Options, _measurement])
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new UsageException(
                    $"{option.Name} is for pyhf workspaces, and {DocumentInput.NameOf(file)} is a model of gbi; edit that file, or leave "
                        + $"{option.Name} out.");
            }
        }

        var opened = LikelihoodModelFile.Open(file, text, cancellation);
        LikelihoodModel model = _parameters.Apply(parsed, opened.Model);
        return new OpenedModel(model, opened.Definition.WithParametersOf(model), opened.Data, opened.RequireData);
    }

    private OpenedModel OfWorkspace(string file, string text, ParseResult parsed)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
        {
            throw new DataException(
                $"{DocumentInput.NameOf(file)} is not a JSON object; give a likelihood model of gbi or a pyhf workspace, both JSON.");
        }

        (Workspace workspace, IReadOnlyList<string> patches) = _patches.Apply(parsed, InFile(file, () => Workspace.Parse(text)));
        return InFile(file, () =>
        {
            LikelihoodModel model = workspace.Model(
                parsed.GetValue(_measurement), parameterOfInterest: _parameters.ParameterOfInterest(parsed));
            ModelData data = workspace.Data(model);
            model = _parameters.Apply(parsed, model);
            return new OpenedModel(model, LikelihoodModelBuilder.Of(model, data), data, () => data)
            {
                Measurement = parsed.GetValue(_measurement) ?? workspace.Measurements[0],
                Measurements = workspace.Measurements,
                Patches = patches,
            };
        });
    }

    /// <summary>Adds the file's name to what is wrong in it.</summary>
    internal static T InFile<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DocumentException failure)
        {
            throw new DocumentException($"{DocumentInput.NameOf(path)}: {failure.Message}", failure);
        }
    }
}

/// <summary>JSON documents that are named on the command line, of files or of standard input.</summary>
internal static class DocumentInput
{
    /// <summary>What stands for standard input.</summary>
    public const string Standard = "-";

    /// <summary>Requires standard input to be named once at most.</summary>
    public static void RequireStandardOnce(IEnumerable<string?> paths)
    {
        if (paths.Count(path => path == Standard) > 1)
        {
            throw new UsageException("- stands for standard input, which can be read once; give the other documents as files.");
        }
    }

    /// <summary>The whole text.</summary>
    /// <exception cref="DataException">There is no such file, or it has no text.</exception>
    public static string Read(string path)
    {
        if (path != Standard)
        {
            return JsonText.Read(path);
        }

        string text = Console.In.ReadToEnd();
        return string.IsNullOrWhiteSpace(text)
            ? throw new DataException("Standard input is empty; pipe a JSON document into it, or name a file.")
            : text;
    }

    /// <summary>What messages call a document.</summary>
    public static string NameOf(string path) => path == Standard ? "standard input" : Path.GetFileName(path);
}

/// <summary>A model of a file.</summary>
/// <param name="Model">The model with its reference samples.</param>
/// <param name="Definition">Its parts, to be written.</param>
/// <param name="KnownData">Its observed data; null where the file does not name all of them.</param>
/// <param name="Data">The same, or an error that says what the file lacks.</param>
internal sealed record OpenedModel(LikelihoodModel Model, LikelihoodModelBuilder Definition, ModelData? KnownData, Func<ModelData> Data)
{
    // Lower bounds of factors of single bins, 1e-10 in pyhf, stand for 0.
    private const double LargestZero = 1e-9;

    /// <summary>Name of its file, without the folder, with those of its patches; null for standard input without patches.</summary>
    public string? Name { get; init; }

    /// <summary>What the patches of a workspace are called, in order.</summary>
    public IReadOnlyList<string> Patches { get; init; } = [];

    /// <summary>Name of the measurement used of a workspace; null for a model of gbi.</summary>
    public string? Measurement { get; init; }

    /// <summary>Names of all measurements of the workspace.</summary>
    public IReadOnlyList<string> Measurements { get; init; } = [];

    /// <summary>Tests of the parameter of interest with the observed data.</summary>
    /// <param name="cancellation">Stops fits between their steps.</param>
    public StrengthTest Test(CancellationToken cancellation) => new(Model, Data()) { Cancellation = cancellation };

    /// <summary>The same, where they compare with no signal.</summary>
    /// <exception cref="DataException">The bounds of the parameter of interest exclude 0.</exception>
    public StrengthTest TestAgainstNoSignal(CancellationToken cancellation)
    {
        StrengthTest test = Test(cancellation);
        FitParameter strength = Model.Parameters[test.ParameterOfInterest];
        return strength.Lower <= LargestZero && strength.Upper >= 0 ? test : throw new DataException(Text(
            $"The bounds of '{strength.Name}', {strength.Lower:G6} to {strength.Upper:G6}, exclude 0, which is no signal and what is ")
                + $"compared with; widen them (--bounds {strength.Name}=LO:HI).");
    }

    /// <summary>A result of this model, with what it is a model of.</summary>
    public T Named<T>(T result)
        where T : ModelResultDocument => (T)(result with { Model = Name, Measurement = Measurement });

    /// <summary>Names the measurement where the workspace has several.</summary>
    public void SayMeasurement(Terminal terminal)
    {
        if (Measurements.Count > 1)
        {
            terminal.Say($"Measurement '{Measurement}' of {string.Join(", ", Measurements.Select(name => $"'{name}'"))} (--measurement)");
        }
    }
}
