using System.Runtime.InteropServices;
using Gbi.Cli;

StandardStream.Install();
using var cancellation = new CancellationTokenSource();
using var reminder = new Timer(_ => Remind());
PosixSignalRegistration[] registrations = [.. Signals().Select(signal => PosixSignalRegistration.Create(signal, Stop))];
int code = GbiCommand.Run(args, new Terminal(Console.Out, Console.Error, isInteractive: !Console.IsErrorRedirected), cancellation.Token);
Array.ForEach(registrations, registration => registration.Dispose());
return code;

void Stop(PosixSignalContext signal)
{
    // The work stops by itself, after it has removed what it was writing; a second signal ends it at once.
    signal.Cancel = !cancellation.IsCancellationRequested;
    if (signal.Cancel)
    {
        reminder.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
    }

    cancellation.Cancel();
}

// Native code and blocked reads do not see that the work is to stop.
static void Remind() => Console.Error.WriteLine("Stopping after the present step; a second signal ends gbi at once.");

// Those with which batch systems announce the end of a job are ended by too: SIGUSR1 and SIGXCPU, which .NET has no names for.
static IEnumerable<PosixSignal> Signals() => OperatingSystem.IsWindows()
    ? [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP]
    : [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, (PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10), (PosixSignal)24];
