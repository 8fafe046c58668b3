using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Gbi.Cli;

/// <summary>The usual help of a command, and its examples below.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    private const int Width = 110;

    public override int Invoke(ParseResult parseResult)
    {
        usual.MaxWidth = Width;
        int code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb { Examples: { Count: > 0 } examples })
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }

        return code;
    }
}
