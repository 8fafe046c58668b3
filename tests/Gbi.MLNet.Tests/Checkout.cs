namespace Gbi.Tests;

/// <summary>The working tree that the tests were built from.</summary>
internal static class Checkout
{
    /// <summary>The repository's root: the first folder above the test assembly that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file of the repository by its path from the root.</summary>
    public static string File(params ReadOnlySpan<string> path) => Path.Combine([Root, .. path]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Gbi.MLNet.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Gbi.MLNet.sln.");
    }
}
