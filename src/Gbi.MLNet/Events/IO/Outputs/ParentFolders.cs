namespace Gbi.Events.IO.Outputs;

/// <summary>The folders above an output: made where they are missing, and taken back where the output does not come about.</summary>
internal sealed class ParentFolders
{
    private readonly List<string> _made = [];

    private ParentFolders()
    {
    }

    /// <summary>Makes the missing folders above <paramref name="path"/>.</summary>
    /// <exception cref="DataException">One of them is a file.</exception>
    /// <exception cref="IOException">They cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be made.</exception>
    public static ParentFolders Of(string path)
    {
        var folders = new ParentFolders();
        for (string? at = Path.GetDirectoryName(path); at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
        {
            if (File.Exists(at))
            {
                throw new DataException($"{path} cannot be written, because {at} is a file; choose another folder.");
            }

            folders._made.Add(at);
        }

        if (folders._made.Count > 0)
        {
            Directory.CreateDirectory(folders._made[0]);
        }

        return folders;
    }

    /// <summary>Deletes the folders that were made, as far as they are empty.</summary>
    public void TakeBack()
    {
        foreach (string folder in _made)
        {
            if (!Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).Any())
            {
                return;
            }

            Directory.Delete(folder);
        }
    }
}
