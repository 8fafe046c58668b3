using System.Text;
using Gbi.Onnx.Graphs;
using Google.Protobuf;

namespace Gbi.Tests.Fuzz;

/// <summary>Changes of the messages of an ONNX file: fields that are missing, doubled, exchanged or have other values.</summary>
internal static class GraphMutations
{
    private static readonly string[] Words =
        ["", "x", "Identity", "Loop", "If", "MatMul", "Reshape", "Resize", "Conv", "features", "log_ratio"];

    private static readonly ulong[] Numbers = [0, 1, 2, 7, 8, 16, 255, int.MaxValue, ulong.MaxValue, 1UL << 40];

    /// <summary>One or two changed messages.</summary>
    public static byte[] Mutate(byte[] clean, Random random)
    {
        byte[] bytes = clean;
        try
        {
            for (int left = random.Next(1, 3); left > 0; left--)
            {
                bytes = Change(bytes, random);
            }
        }
        catch (InvalidDataException)
        {
            // What a change left is no tree any more.
        }

        return ReferenceEquals(bytes, clean) ? ByteMutations.FlipBits(clean, random) : bytes;
    }

    private static byte[] Change(byte[] bytes, Random random)
    {
        var model = ProtoFields.Parse(bytes);
        int count = 0;
        MessageTree.Change(model, MessageKind.Model, (_, message) =>
        {
            count++;
            return message;
        });
        int chosen = random.Next(count);
        int at = 0;
        ProtoFields changed = MessageTree.Change(
            model, MessageKind.Model, (_, message) => at++ == chosen ? Changed(message, random) : message);
        return changed.ToMessage().ToBytes().ToArray();
    }

    private static ProtoFields Changed(ProtoFields message, Random random)
    {
        List<ProtoField> fields = [.. message.Fields];
        if (fields.Count == 0)
        {
            return message;
        }

        int at = random.Next(fields.Count);
        int other = random.Next(fields.Count);
        ProtoField field = fields[at];
        switch (random.Next(6))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(other, field);
                break;
            case 2:
                (fields[at], fields[other]) = (fields[other], field);
                break;
            default:
                fields[at] = field.Type == WireFormat.WireType.LengthDelimited
                    ? field with { Bytes = Bytes(field.Bytes.ToArray(), random) }
                    : field with { Value = Numbers[random.Next(Numbers.Length)] };
                break;
        }

        return ProtoFields.Of(fields);
    }

    private static byte[] Bytes(byte[] bytes, Random random) => random.Next(3) switch
    {
        0 => Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]),
        1 when bytes.Length > 0 => ByteMutations.FlipBits(bytes, random),
        _ => bytes[..random.Next(bytes.Length + 1)],
    };
}
