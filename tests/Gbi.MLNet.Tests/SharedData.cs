namespace Gbi.Tests;

/// <summary>The folder shared/data that lies beside the repository on some machines; a test that needs it is skipped on others.</summary>
internal static class SharedData
{
    /// <summary>Path of a file or folder in shared/data. Skips the running test where it is missing.</summary>
    public static string Path(string relativePath) => Path("data", relativePath);

    /// <summary>Path of a file or folder in shared/cases, inputs that failed once. Skips the running test where it is missing.</summary>
    public static string Case(string relativePath) => Path("cases", relativePath);

    private static string Path(string folder, string relativePath)
    {
        string? root = FindFolder(Checkout.Root, folder);
        string? path = root is null ? null : System.IO.Path.Combine(root, relativePath);
        if (path is null || !(File.Exists(path) || Directory.Exists(path)))
        {
            Assert.Ignore("skipped: no shared data");
        }

        return path!;
    }

    private static string? FindFolder(string start, string name)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            string candidate = System.IO.Path.Combine(folder.FullName, "shared", name);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
