using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// PlainLoad MODEL EVENTS COLUMN: loads a model with nothing but Model.Load and prints a column of it, one value a line; of a vector the
// first number.
// A line of EVENTS is: label, weight, mass and the features, separated by blanks.
var mlContext = new MLContext();
ITransformer model = mlContext.Model.Load(args[0], out _);
Row[] rows = [.. File.ReadLines(args[1]).Select(Row.Parse)];
IDataView scored = model.Transform(mlContext.Data.LoadFromEnumerable(rows));
IEnumerable<float> values = scored.Schema[args[2]].Type is VectorDataViewType
    ? scored.GetColumn<float[]>(args[2]).Select(vector => vector[0])
    : scored.GetColumn<float>(args[2]);
foreach (float value in values)
{
    Console.WriteLine(value.ToString("R", CultureInfo.InvariantCulture));
}

internal sealed class Row
{
    public bool Label { get; set; }

    public float Weight { get; set; }

    public float Mass { get; set; }

    [VectorType(4)]
    public float[] Features { get; set; } = [];

    public static Row Parse(string line)
    {
        float[] values = [.. line.Split(' ').Select(text => float.Parse(text, CultureInfo.InvariantCulture))];
        return new Row { Label = values[0] != 0, Weight = values[1], Mass = values[2], Features = values[3..] };
    }
}
