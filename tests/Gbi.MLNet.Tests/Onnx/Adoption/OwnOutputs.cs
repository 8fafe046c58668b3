using Gbi.Events;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Gbi.Tests.Onnx.Adoption;

/// <summary>What a network itself gives, by the runtime alone: numbers of each event of an output.</summary>
internal static class OwnOutputs
{
    /// <summary>Runs a network event by event.</summary>
    /// <param name="session">The network.</param>
    /// <param name="events">The events.</param>
    /// <param name="columns">Columns of each input, in their order.</param>
    /// <param name="output">Name of the output; maps in the order of their keys.</param>
    public static double[][] Of(InferenceSession session, EventTable events, string[][] columns, string output) =>
    [
        .. Enumerable.Range(0, events.Count).Select(row =>
        {
            NamedOnnxValue[] inputs = [.. session.InputMetadata.Select((input, i) =>
                Value(input.Key, input.Value, [.. columns[i].Select(column => events[column][row])]))];
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> found = session.Run(inputs, [output]);
            return Numbers(found[0].Value);
        })
    ];

    private static NamedOnnxValue Value(string name, NodeMetadata node, float[] row)
    {
        int[] shape = [.. node.Dimensions.Select(size => size < 0 ? 1 : size)];
        return node.ElementDataType switch
        {
            TensorElementType.Double => Tensor(row.Select(value => (double)value)),
            TensorElementType.Int64 => Tensor(row.Select(value => (long)value)),
            TensorElementType.Bool => Tensor(row.Select(value => value != 0)),
            TensorElementType.Float16 => Tensor(row.Select(value => (Float16)value)),
            _ => Tensor(row),
        };

        NamedOnnxValue Tensor<T>(IEnumerable<T> values) =>
            NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(values.ToArray(), shape));
    }

    private static double[] Numbers(object value) => value switch
    {
        Tensor<float> numbers => [.. numbers.Select(number => (double)number)],
        Tensor<double> numbers => [.. numbers],
        Tensor<Float16> numbers => [.. numbers.Select(number => (double)(float)number)],
        IEnumerable<DisposableNamedOnnxValue> maps => [.. maps.SelectMany(map => map.Value switch
        {
            IDictionary<long, float> entries => entries.OrderBy(entry => entry.Key).Select(entry => (double)entry.Value),
            IDictionary<string, float> entries =>
                entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (double)entry.Value),
            _ => throw new ArgumentException("No map."),
        })],
        _ => throw new ArgumentException($"No numbers: {value.GetType()}."),
    };
}
