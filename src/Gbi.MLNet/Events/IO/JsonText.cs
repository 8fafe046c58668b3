namespace Gbi.Events.IO;

/// <summary>Reads the text of a JSON file that a user named.</summary>
internal static class JsonText
{
    /// <summary>The whole text.</summary>
    /// <exception cref="DataException">There is no such file, it is a folder, it is empty, or it cannot be read.</exception>
    public static string Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new DataException($"{path} is a folder; give the name of a file.");
        }

        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"There is no file {path}; check the path.", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read ({cause.Message.Trim().TrimEnd('.')}); check that you may read it.", cause);
        }

        return string.IsNullOrWhiteSpace(text)
            ? throw new DataException($"{Path.GetFileName(path)} is empty; give a JSON document.")
            : text;
    }
}
