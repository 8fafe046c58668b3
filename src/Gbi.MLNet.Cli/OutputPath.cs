namespace Gbi.Cli;

/// <summary>The rule that an existing output needs --force.</summary>
internal static class OutputPath
{
    public static string Require(string path, bool force)
    {
        if (path.Length == 0)
        {
            throw new UsageException("--out is empty; give the name of what to write.");
        }

        return force || !(File.Exists(path) || Directory.Exists(path))
            ? path
            : throw new UsageException($"{path} exists already; choose another --out, or allow replacing it with --force.");
    }
}
