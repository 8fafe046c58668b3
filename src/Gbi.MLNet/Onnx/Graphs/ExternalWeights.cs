using System.Globalization;
using Gbi.Events;
using Google.Protobuf;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Onnx.Graphs;

/// <summary>
/// Weights that stand in files beside a model (external data of TensorProto). They are put into the model when it is read, so that what is
/// run, saved and fingerprinted is one and the same.
/// </summary>
internal static class ExternalWeights
{
    private const long InFile = 1;

    /// <summary>The model with all weights in it; the same bytes where none stand outside, or where they are no model.</summary>
    /// <param name="name">What messages call the model.</param>
    /// <param name="model">Its bytes.</param>
    /// <param name="folder">The folder of the model, from which weights are looked for; null where it has none.</param>
    /// <exception cref="DataException">A file is missing, too short or outside the folder, or the whole is too large.</exception>
    public static byte[] Embed(string name, byte[] model, string? folder)
    {
        try
        {
            ProtoFields fields = ProtoFields.Parse(model);
            ProtoFields[] tensors = [.. MessageTree.All(fields, MessageKind.Model, MessageKind.Tensor).Where(IsOutside)];
            if (tensors.Length == 0)
            {
                return model;
            }

            long outside = tensors.Sum(tensor => Entry(tensor, "length") is { } length ? Whole(name, length) : 0);
            if (outside + model.LongLength > Array.MaxLength / 2)
            {
                throw new DataException(Text(
                    $"The weights of {name} have {outside:N0} bytes in files of their own, expected at most {Array.MaxLength / 2:N0}; ")
                    + "networks of that size cannot be held in one file.");
            }

            using var files = new WeightFiles(name, folder);
            return MessageTree.Change(
                fields, MessageKind.Model,
                (kind, message) => kind == MessageKind.Tensor && IsOutside(message) ? Inside(name, message, files) : message)
                .ToMessage().ToBytes().ToArray();
        }
        catch (InvalidDataException)
        {
            // What is no model is refused where it is opened.
            return model;
        }
    }

    private static bool IsOutside(ProtoFields tensor) => tensor.Number(TensorField.Location) == InFile;

    private static ProtoFields Inside(string name, ProtoFields tensor, WeightFiles files)
    {
        string location = Entry(tensor, "location") ?? "";
        long offset = Whole(name, Entry(tensor, "offset") ?? "0");
        byte[] weights = files.Read(location, tensor.Text(TensorField.Name), offset, Entry(tensor, "length") is { } length
            ? Whole(name, length)
            : null);
        return ProtoFields.Of(tensor.Without(TensorField.External, TensorField.Location, TensorField.Raw).Fields.Append(
            new ProtoField(TensorField.Raw, WireFormat.WireType.LengthDelimited, 0, weights)));
    }

    private static string? Entry(ProtoFields tensor, string key) =>
        tensor.Messages(TensorField.External).FirstOrDefault(entry => entry.Text(1) == key)?.Text(2);

    private static long Whole(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw new DataException(
            $"{name} says '{text}' where the position of its weights in their file stands, expected a whole number; export it again.");

    /// <summary>The files beside a model, each opened once.</summary>
    private sealed class WeightFiles(string name, string? folder) : IDisposable
    {
        private readonly Dictionary<string, FileStream> _open = [];

        public byte[] Read(string location, string tensor, long offset, long? length)
        {
            FileStream file = _open.TryGetValue(location, out FileStream? known) ? known : _open[location] = Open(location);
            long count = length ?? Math.Max(0, file.Length - offset);
            if (offset > file.Length || count > file.Length - offset || count > Array.MaxLength)
            {
                throw new DataException(Text(
                    $"The weights '{tensor}' of {name} are {count:N0} bytes from {offset:N0} on in {location}, which has ")
                    + Text($"{file.Length:N0} bytes; it is incomplete, or belongs to another network."));
            }

            byte[] weights = new byte[count];
            file.Position = offset;
            file.ReadExactly(weights);
            return weights;
        }

        public void Dispose()
        {
            foreach (FileStream file in _open.Values)
            {
                file.Dispose();
            }
        }

        private FileStream Open(string location)
        {
            if (folder is null)
            {
                throw new DataException(
                    $"The weights of {name} stand in a file of their own, {location}, which bytes in memory do not have; open the network "
                        + "by its path.");
            }

            string path = Path.GetFullPath(Path.Combine(folder, location));
            string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
            if (location.Length == 0 || !path.StartsWith(root, StringComparison.Ordinal))
            {
                throw new DataException(
                    $"{name} names '{location}' as the file of its weights, expected a file in its own folder; export it again.");
            }

            try
            {
                return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                throw new DataException(
                    $"{name} has weights in {location}, which cannot be read in its folder; keep both files together.", cause);
            }
        }
    }
}
