using System.CommandLine;
using Gbi.Events;
using Gbi.HistFactory;
using Gbi.Inference;

namespace Gbi.Cli;

/// <summary>The workspace that a verb works on: a file, a patch to it, and a measurement of it.</summary>
internal sealed class WorkspaceOptions
{
    private readonly Argument<string> _file = new("WORKSPACE") { Description = "A pyhf workspace, JSON." };
    private readonly Option<string> _patch = OptionOf.Text("--patch", "P.json", "Changes to the workspace: a JSON patch, or a patch set.");
    private readonly Option<string> _patchName = OptionOf.Text("--patch-name", "NAME", "Which patch of a patch set.");
    private readonly Option<string> _measurement = OptionOf.Text("--measurement", "NAME", "Which measurement of the workspace (default: the first).");

    public void AddTo(Command verb)
    {
        verb.Arguments.Add(_file);
        verb.AddAll(_patch, _patchName, _measurement);
    }

    /// <summary>The model with its observed data.</summary>
    public StrengthTest Read(ParseResult parsed)
    {
        string file = parsed.GetRequiredValue(_file);
        string? patch = parsed.GetValue(_patch);
        string? patchName = parsed.GetValue(_patchName);
        if (patch is null && patchName is not null)
        {
            throw new UsageException("--patch-name needs --patch: it names one patch of that file.");
        }

        Workspace workspace = InFile(file, () => Workspace.Parse(Text(file)));
        if (patch is not null)
        {
            workspace = InFile(patch, () => workspace.WithPatch(Text(patch), patchName));
        }

        return InFile(file, () =>
        {
            LikelihoodModel model = workspace.Model(parsed.GetValue(_measurement));
            return new StrengthTest(model, workspace.Data(model));
        });
    }

    private static string Text(string path) =>
        File.Exists(path) ? File.ReadAllText(path) : throw new DataException($"There is no file {path}; check the path.");

    /// <summary>Adds the file's name to what is wrong in it.</summary>
    private static T InFile<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DocumentException failure)
        {
            throw new DataException($"{Path.GetFileName(path)}: {failure.Message}", failure);
        }
    }
}
