using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Outputs;
using Gbi.Ratios.Families;
using Gbi.Scoring;

namespace Gbi.Pipeline.Persistence;

/// <summary>
/// A signal family in a file, as the text of <see cref="SignalFamily.Serialize"/>: no model of ML.NET, as its log ratio needs a point
/// besides the event. <see cref="ScoringModel"/> and <c>gbi score --at</c> apply it at one.
/// </summary>
public static class SignalFamilyFile
{
    /// <summary>The ending of the name of such a file, by which it is recognised.</summary>
    public const string Extension = ".json";

    /// <summary>Writes a family. A file of this name is replaced.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Save(SignalFamily family, string path)
    {
        ArgumentNullException.ThrowIfNull(family);
        using var file = new PendingFile(path, true);
        using (var writer = new StreamWriter(file.Stream, leaveOpen: true))
        {
            writer.Write(family.Serialize());
        }

        file.Complete();
    }

    /// <summary>Reads a family.</summary>
    /// <exception cref="DataException">The file is missing or holds no signal family of this version.</exception>
    public static SignalFamily Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string text = JsonText.Read(path);
        try
        {
            return SignalFamily.Parse(text);
        }
        catch (DataException failure)
        {
            throw new DataException($"{path}: {failure.Message}", failure);
        }
    }

    /// <summary>Whether a file's name is that of a family.</summary>
    public static bool IsFamily(string path) => path is not null && path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);
}
