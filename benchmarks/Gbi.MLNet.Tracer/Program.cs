using System.Diagnostics;
using System.Globalization;
using Gbi.Tracer;

// tracer [--list] PATH/gbi.dll VERB ...: runs a command of gbi, then counts the source files that it ran and the moves between rooms.
bool lists = args is ["--list", ..];
string[] command = lists ? args[1..] : args;
if (command.Length < 2 || !File.Exists(command[0]))
{
    Console.Error.WriteLine("Usage: tracer [--list] PATH/gbi.dll VERB ...");
    return 2;
}

string output = Path.GetTempFileName();
var start = new ProcessStartInfo("dotnet", command) { RedirectStandardOutput = true };
start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(MethodListener).Assembly.Location;
start.Environment[MethodListener.OutputVariable] = output;
start.Environment["DOTNET_PROCESSOR_COUNT"] = "1"; // threads would mix up the order
using Process process = Process.Start(start)!;
process.StandardOutput.ReadToEnd();
process.WaitForExit();

using var files = new SourceFiles(Path.GetDirectoryName(Path.GetFullPath(command[0]))!);
(string Method, string? File)[] methods = [.. File.ReadLines(output).Select(line => line.Split('\t'))
    .SkipWhile(line => !(line[2] == "Execute" && line[1].EndsWith("Verb", StringComparison.Ordinal)))
    .Select(line => ($"{line[1]}.{line[2]}", files.Of(int.Parse(line[0], CultureInfo.InvariantCulture), line[1])))];
File.Delete(output);
if (process.ExitCode != 0 || methods.Length == 0)
{
    Console.Error.WriteLine($"gbi ended with exit code {process.ExitCode}, and {methods.Length} methods ran from the verb's Execute on.");
    return 1;
}

string[] run = [.. methods.Select(method => method.File).OfType<string>()];
if (lists)
{
    Console.Write(string.Concat(methods.Where(method => method.File is not null).Select(method => $"{method.File}\t{method.Method}\n")));
}

string[] rooms = [.. run.Select(RoomOf)];
int moves = rooms.Zip(rooms.Skip(1)).Count(pair => pair.First != pair.Second);
Console.WriteLine($"{run.Distinct().Count()} files, {moves} moves between {rooms.Distinct().Count()} rooms; {run.Length} methods");
return 0;

// The project and its first folder; the tool, which only parses and prints, is one room.
static string RoomOf(string file) => file.Split('/') is ["Gbi.MLNet", var room, _, ..] ? room : file.Split('/')[0];
