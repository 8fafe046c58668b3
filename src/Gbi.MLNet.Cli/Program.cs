using System.Runtime.InteropServices;
using Gbi.Cli;

using var cancellation = new CancellationTokenSource();
PosixSignalRegistration[] registrations = [.. Signals().Select(signal => PosixSignalRegistration.Create(signal, Stop))];
int code = GbiCommand.Run(args, new Terminal(Console.Out, Console.Error, isInteractive: !Console.IsErrorRedirected), cancellation.Token);
Array.ForEach(registrations, registration => registration.Dispose());
return code;

void Stop(PosixSignalContext signal)
{
    // The work stops by itself, after it has removed what it was writing; a second signal ends it at once.
    signal.Cancel = !cancellation.IsCancellationRequested;
    cancellation.Cancel();
}

// Those with which batch systems announce the end of a job are ended by too: SIGUSR1 and SIGXCPU, which .NET has no names for.
static IEnumerable<PosixSignal> Signals() => OperatingSystem.IsWindows()
    ? [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP]
    : [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, (PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10), (PosixSignal)24];
