namespace Gbi.Tests;

/// <summary>One member of every kind that the listing of the public API must spell.</summary>
public abstract class Surface<T>(string name, int? size = null) : IDisposable
    where T : struct, IComparable<T>
{
    public const int Limit = 3;

    public required string Label { get; init; }

    public string? this[int row]
    {
        get => row == size ? name : null;
        protected set => throw new NotSupportedException(value);
    }

    public static List<string?> Names<TStream>(SurfaceRecord.Mode mode = SurfaceRecord.Mode.Fast, params string[] more)
        where TStream : Stream => [mode.ToString(), .. more, typeof(TStream).Name];

    public override string ToString() => Label;

    public virtual void Dispose() => GC.SuppressFinalize(this);

    protected abstract void Fill(ReadOnlySpan<float> from, out T[] to);

    private protected static void Hidden()
    {
    }
}

/// <summary>A record, whose generated members are not listed.</summary>
public sealed record SurfaceRecord((double Low, double High) Interval)
{
    public enum Mode
    {
        Fast,
    }
}
