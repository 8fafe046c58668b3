using System.Runtime.InteropServices;
using Gbi.Cli;

using var cancellation = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return GbiCommand.Run(args, new Terminal(Console.Out, Console.Error, isInteractive: !Console.IsErrorRedirected), cancellation.Token);

void Stop(PosixSignalContext signal)
{
    // The work stops by itself, after it has removed what it was writing.
    signal.Cancel = true;
    cancellation.Cancel();
}
