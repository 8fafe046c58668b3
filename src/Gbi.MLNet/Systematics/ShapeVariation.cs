using System.Globalization;

namespace Gbi.Systematics;

/// <summary>A factor on a process's density, one an event, that depends on nuisance parameters. Factors of a process multiply.</summary>
public abstract class ShapeVariation
{
    private protected ShapeVariation(int count) => Count = count;

    /// <summary>Number of events.</summary>
    public int Count { get; }

    /// <summary>Names of the parameters that it depends on, each once.</summary>
    public abstract IReadOnlyList<string> Parameters { get; }

    /// <summary>One sentence where a column has a value that the law cannot take.</summary>
    private protected static void RequireAll(ReadOnlySpan<float> column, Func<float, bool> isAllowed, string what, string expected)
    {
        for (int i = 0; i < column.Length; i++)
        {
            if (!isAllowed(column[i]))
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture, $"{what} of event {i} is {column[i]}, expected {expected}; mend or drop that event."));
            }
        }
    }
}
