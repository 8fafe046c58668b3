using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Documents;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.HistFactory;
using Gbi.Likelihoods.Model;

namespace Gbi.Cli.Options;

/// <summary>
/// The model that a verb works on: a file that is told by its content to be a model of ours or a pyhf workspace, and of the latter a patch
/// and a measurement.
/// </summary>
internal sealed class ModelOptions
{
    private readonly Argument<string> _file = new("MODEL")
    {
        Description = "Likelihood model of gbi (JSON with \"gbiModel\") or pyhf workspace."
    };
    private readonly Option<string> _patch = OptionOf.Text("--patch", "P.json", "JSON patch or patch set to apply to a workspace.");
    private readonly Option<string> _patchName = OptionOf.Text("--patch-name", "NAME", "Name of the patch in a patch set.");

    private readonly Option<string> _measurement = OptionOf.Text(
        "--measurement", "NAME", "Measurement of a workspace.", defaultsTo: "the first");

    public void AddTo(Command verb)
    {
        verb.Arguments.Add(_file);
        verb.AddAll(_patch, _patchName, _measurement);
    }

    /// <summary>The model with its observed data, for tests of its parameter of interest.</summary>
    public StrengthTest Read(ParseResult parsed, CancellationToken cancellation)
    {
        OpenedModel opened = Open(parsed, cancellation);
        return new StrengthTest(opened.Model, opened.Data());
    }

    public OpenedModel Open(ParseResult parsed, CancellationToken cancellation)
    {
        string file = parsed.GetRequiredValue(_file);
        string text = JsonText.Read(file);
        if (!LikelihoodModelBuilder.IsDocument(text))
        {
            return OfWorkspace(file, text, parsed);
        }

        foreach (Option<string> option in (Option<string>[])[_patch, _patchName, _measurement])
        {
            if (parsed.GetValue(option) is not null)
            {
                throw new UsageException(
                    $"{option.Name} is for pyhf workspaces, and {Path.GetFileName(file)} is a model of gbi; edit that file, or leave "
                        + $"{option.Name} out.");
            }
        }

        var model = LikelihoodModelFile.Open(file, cancellation);
        return new OpenedModel(model.Model, model.Definition, model.Data, model.RequireData);
    }

    private OpenedModel OfWorkspace(string file, string text, ParseResult parsed)
    {
        string? patch = parsed.GetValue(_patch);
        string? patchName = parsed.GetValue(_patchName);
        if (patch is null && patchName is not null)
        {
            throw new UsageException("--patch-name needs --patch: it names one patch of that file.");
        }

        if (!text.AsSpan().TrimStart().StartsWith("{"))
        {
            throw new DataException(
                $"{Path.GetFileName(file)} is not a JSON object; give a likelihood model of gbi or a pyhf workspace, both JSON.");
        }

        Workspace workspace = InFile(file, () => Workspace.Parse(text));
        if (patch is not null)
        {
            workspace = InFile(patch, () => workspace.WithPatch(JsonText.Read(patch), patchName));
        }

        return InFile(file, () =>
        {
            LikelihoodModel model = workspace.Model(parsed.GetValue(_measurement));
            ModelData data = workspace.Data(model);
            return new OpenedModel(model, LikelihoodModelBuilder.Of(model, data), data, () => data);
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
            throw new DocumentException($"{Path.GetFileName(path)}: {failure.Message}", failure);
        }
    }
}

/// <summary>A model of a file.</summary>
/// <param name="Model">The model with its reference samples.</param>
/// <param name="Definition">Its parts, to be written.</param>
/// <param name="KnownData">Its observed data; null where the file does not name all of them.</param>
/// <param name="Data">The same, or an error that says what the file lacks.</param>
internal sealed record OpenedModel(LikelihoodModel Model, LikelihoodModelBuilder Definition, ModelData? KnownData, Func<ModelData> Data);
