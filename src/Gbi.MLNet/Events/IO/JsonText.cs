using System.Text.Json;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO;

/// <summary>Reads the text of a JSON file that a user named, and says what is wrong with it.</summary>
internal static class JsonText
{
    private const string Missing = "including: ";

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

    /// <summary>What is wrong with a text that is no JSON or not that of a type, and on which line; without a full stop.</summary>
    public static string Fault(JsonException cause)
    {
        // The runtime numbers lines from 0, counts bytes, and names types of the program.
        string message = cause.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0].Trim().TrimEnd('.');
        if (message.IndexOf(Missing, StringComparison.Ordinal) is >= 0 and int at)
        {
            return $"it lacks {message[(at + Missing.Length)..]}";
        }

        string fault = message.StartsWith("Expected depth to be zero", StringComparison.Ordinal)
            ? "it ends before all of its brackets are closed"
            : message;
        return cause.LineNumber is { } line ? Text($"{fault}, on line {line + 1}") : fault;
    }
}
