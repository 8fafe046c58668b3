using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Outputs;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.Processes;

/// <summary>The files of one process, in a temporary folder of its own that is deleted with it.</summary>
internal sealed class BatchFiles : IDisposable
{
    /// <summary>Name of the column of seeds.</summary>
    public const string Seed = "seed";

    // Of a parameter that was printed with few digits.
    private const double Rounding = 1e-3;
    private const double RoundingOfLargest = 1e-5;

    private readonly SimulatorCommand _command;
    private readonly EventTable _parameters;
    private readonly int[] _seeds;
    private readonly TemporaryFolder _folder = TemporaryFolder.OfSystem("gbi-simulator");
    private readonly string _output;

    /// <summary>Writes the input.</summary>
    public BatchFiles(SimulatorCommand command, EventTable parameters, ReadOnlySpan<int> seeds)
    {
        (_command, _parameters, _seeds) = (command, parameters, seeds.ToArray());
        string input = Path.Combine(_folder.Path, "in" + command.InputEnding);
        _output = Path.Combine(_folder.Path, "out" + command.OutputEnding);
        SeededTableFile.Write(input, parameters, Seed, _seeds);
        Words = command.Words(input, _output, Text($"{_seeds[0]}"));
    }

    /// <summary>The command with its files.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Reads the output.</summary>
    /// <param name="features">Columns to read; null for all but parameters and seed.</param>
    /// <param name="end">How the process ended, for messages.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <exception cref="DataException">It is missing or unreadable, or its rows or columns are not as expected.</exception>
    public EventTable Read(IReadOnlyList<string>? features, ProcessEnd end, CancellationToken cancellation)
    {
        try
        {
            return Checked(features, cancellation);
        }
        catch (DataException failure)
        {
            string lines = end.ErrorLines.Length > 0 ? $" Its last lines: {string.Join(" / ", end.ErrorLines.TakeLast(5))}" : "";
            throw new DataException($"The simulator ({_command.Text}) ended without an error, but: {failure.Message}{lines}", failure);
        }
    }

    public void Dispose() => _folder.Dispose();

    private EventTable Checked(IReadOnlyList<string>? features, CancellationToken cancellation)
    {
        if (!File.Exists(_output))
        {
            throw new DataException(
                $"it wrote no file {Path.GetFileName(_output)}; the command has to write to the path that takes the place of {{out}}.");
        }

        string[] columns = TableFile.NumberColumns(_output);
        string[] wanted = [.. features ?? [.. columns.Where(name => name != Seed && !_parameters.ColumnNames.Contains(name))]];
        string[] repeated = [.. columns.Where(name => name == Seed || _parameters.ColumnNames.Contains(name)).Except(wanted)];
        if (wanted.Length == 0)
        {
            throw new DataException($"its output has only the columns {string.Join(", ", columns)}, expected one feature or more.");
        }

        var options = new EventReadOptions { MissingValue = double.NaN, KeepsNonFinite = true };
        EventTable table = TableFile.Read(_output, [.. wanted, .. repeated], options, cancellation);
        if (table.Count != _parameters.Count)
        {
            throw new DataException(Text(
                $"it wrote {table.Count:N0} rows for {_parameters.Count:N0} simulations; expected one row a row of the input, in its ")
                + "order.");
        }

        foreach (string name in repeated)
        {
            RequireSame(name, table[name]);
        }

        return table.WithColumns(wanted);
    }

    private void RequireSame(string name, ReadOnlySpan<float> found)
    {
        double largest = name == Seed ? 0 : _parameters[name].ToArray().Max(Math.Abs);
        for (int row = 0; row < found.Length; row++)
        {
            double expected = name == Seed ? _seeds[row] : _parameters[name][row];
            if (Math.Abs(found[row] - expected) > (Rounding * Math.Abs(expected)) + (RoundingOfLargest * largest))
            {
                throw new DataException(Text(
                    $"its output has {found[row]} in column '{name}' of row {row:N0}, where the input has {expected}; rows must be in ")
                    + "the order "
                    + "of the input, and columns named as parameters must hold them.");
            }
        }
    }
}
