using Gbi.Cli;
using Gbi.Tests.Reports.Json;

namespace Gbi.Tests.Cli;

/// <summary>What one call of the tool did.</summary>
internal sealed record CliRun(int Code, string Output, string Error)
{
    /// <summary>Runs the tool in this process; a JSON document that it prints has to follow its published schema.</summary>
    public static CliRun Of(params string[] args) => Of(CancellationToken.None, args);

    public static CliRun Of(CancellationToken cancellation, params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = GbiCommand.Run(args, new Terminal(output, error, isInteractive: false, helpWidth: 80), cancellation);
        if (args.Contains("--json") && output.ToString() is { Length: > 0 } document)
        {
            PublishedSchemas.Require(document);
        }

        return new CliRun(code, output.ToString(), error.ToString());
    }

    /// <summary>The same where it has to succeed.</summary>
    public static CliRun Done(params string[] args)
    {
        CliRun run = Of(args);
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")), string.Join(' ', args));
        return run;
    }
}
