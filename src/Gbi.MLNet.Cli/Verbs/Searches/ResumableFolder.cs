using System.CommandLine;
using System.Text;
using Gbi.Events.IO.Outputs;

namespace Gbi.Cli.Verbs.Searches;

/// <summary>A folder in which a long verb keeps what is finished, so that the same command resumes.</summary>
internal static class ResumableFolder
{
    /// <summary>The path of <c>--out</c>; with force, without the results and journals of an earlier run.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="path">The path that was given.</param>
    /// <param name="force">Whether to start anew.</param>
    /// <param name="results">Names of the files of results.</param>
    /// <param name="journals">Patterns of the files that are kept between runs.</param>
    /// <exception cref="UsageException">The path is empty, or that of a file.</exception>
    public static string Require(ParseResult parsed, string path, bool force, string[] results, string[] journals)
    {
        if (path.Length == 0 || File.Exists(path))
        {
            throw new UsageException(
                path.Length == 0
                    ? "--out is empty; give the name of a folder."
                    : $"{path} is a file, expected a folder; choose another --out.");
        }

        OutputPath.RequireFolder(parsed, path, results);
        if (force && Directory.Exists(path))
        {
            string[] kept = [.. journals.SelectMany(pattern => Directory.GetFiles(path, pattern))];
            foreach (string file in (string[])[.. results.Select(name => Path.Combine(path, name)), .. kept])
            {
                File.Delete(file);
            }
        }

        return path;
    }

    /// <summary>Writes a result, replacing that of an earlier run at once.</summary>
    public static void Write(string path, string text)
    {
        using var file = new PendingFile(path, true);
        file.Stream.Write(Encoding.UTF8.GetBytes(text));
        file.Complete();
    }
}
