using System.CommandLine;

namespace Gbi.Cli.Options.Parsing;

/// <summary>Adds options to a command in the order in which its help lists them.</summary>
internal static class OptionList
{
    public static void AddAll(this Command command, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
    }
}
