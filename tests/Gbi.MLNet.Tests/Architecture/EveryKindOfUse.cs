using System.Text;

namespace Gbi.Tests.Architecture;

/// <summary>Uses one type in each way that the reader of references must see.</summary>
internal sealed class EveryKindOfUse() : StringReader(""), ICloneable
{
    private readonly Queue<Version>? _queue = new();

    public object Clone() => _queue!;

    [Obsolete("Read, not run.")]
    public static string Signature(Uri? address) => $"{address}";

    public static void Constraint<T>() where T : IProgress<int> => Local();

    private static void Local()
    {
        try
        {
            StringBuilder text = Make<StringBuilder>();
            Console.WriteLine(text);
        }
        catch (TimeoutException)
        {
            Func<int> lambda = () => Random.Shared.Next();
            Console.WriteLine((lambda(), typeof(Half)));
        }
    }

    private static T Make<T>() where T : new() => new();
}
