using System.Diagnostics.Tracing;

namespace Gbi.Tracer;

/// <summary>Keeps the methods of ours that the runtime compiles. It compiles a method just before its first run.</summary>
internal sealed class MethodListener : EventListener
{
    /// <summary>The environment variable that says where the methods are written to, one a line: token, type, name.</summary>
    public const string OutputVariable = "GBI_TRACER_OUTPUT";

    private const EventKeywords JustInTimeCompiler = (EventKeywords)0x10;

    private readonly List<(DateTime Time, string Line)> _methods = [];

    public void Write(string path)
    {
        // Events are delivered with a delay of some tenths of a second.
        Thread.Sleep(TimeSpan.FromSeconds(1));
        lock (_methods)
        {
            // A method that is compiled again, optimised or for other generic arguments, counts once.
            File.WriteAllLines(path, _methods.OrderBy(method => method.Time).Select(method => method.Line).Distinct());
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Verbose, JustInTimeCompiler);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) is not true)
        {
            return;
        }

        object? Field(string name) => eventData.Payload?[eventData.PayloadNames?.IndexOf(name) ?? -1];
        string type = ((string)Field("MethodNamespace")!).Split('[')[0]; // without generic arguments
        if (type.StartsWith("Gbi.", StringComparison.Ordinal) && !type.StartsWith("Gbi.Tracer.", StringComparison.Ordinal))
        {
            lock (_methods)
            {
                _methods.Add((eventData.TimeStamp, $"{Field("MethodToken")}\t{type}\t{Field("MethodName")}"));
            }
        }
    }
}
