using Gbi.Events;
using Gbi.Onnx.Models;

// ratio.onnx was trained in PyTorch on two Gaussians in three dimensions, for which ln r = 0.5 x - 0.3 y + 0.2 z - 0.19 exactly.
using OnnxRatio network = OnnxRatio.Open(Path.Combine(AppContext.BaseDirectory, "ratio.onnx"));
Console.WriteLine($"ln p({network.Numerator})/p({network.Denominator}) of {string.Join(", ", network.Features)}, on {network.Provider}");

EventTable events = EventTable.FromColumns(("x", [0f, 1f, -1f]), ("y", [0f, 0f, 1f]), ("z", [0f, 0f, 1f]));
ReadOnlySpan<float> logRatio = network.Score(events).LogRatio;
for (int row = 0; row < events.Count; row++)
{
    double exact = (0.5 * events["x"][row]) - (0.3 * events["y"][row]) + (0.2 * events["z"][row]) - 0.19;
    Console.WriteLine($"event {row}: ln r = {logRatio[row],6:F3}, exact {exact,6:F3}");
}
