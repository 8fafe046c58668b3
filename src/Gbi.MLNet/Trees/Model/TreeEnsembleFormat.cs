namespace Gbi.Trees.Model;

/// <summary>Tree ensembles as bytes: little-endian, features by name.</summary>
internal static class TreeEnsembleFormat
{
    private const int Version = 2;

    /// <summary>An ensemble as bytes that <see cref="FromBytes"/> reads.</summary>
    public static byte[] ToBytes(TreeEnsemble ensemble)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            Write(writer, ensemble);
        }

        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are of another version, damaged or not a tree ensemble.</exception>
    public static TreeEnsemble FromBytes(byte[]? bytes)
    {
        using var stream = new MemoryStream(bytes ?? []);
        using var reader = new BinaryReader(stream);
        try
        {
            TreeEnsemble ensemble = Read(reader);
            return stream.Position == stream.Length
                ? ensemble
                : throw new InvalidDataException(
                    $"{stream.Length - stream.Position} bytes stand behind the trees; the model file is damaged.");
        }
        catch (Exception failure) when (failure is IOException or FormatException)
        {
            // What BinaryReader throws where bytes are missing or the length of a name is none.
            throw new InvalidDataException($"The trees cannot be read ({failure.Message}); the model file is damaged.", failure);
        }
    }

    private static void Write(BinaryWriter writer, TreeEnsemble ensemble)
    {
        writer.Write(Version);
        writer.Write(ensemble.Features.Count);
        foreach (string feature in ensemble.Features)
        {
            writer.Write(feature);
        }

        WriteAll(writer, ensemble.BaseValues);
        writer.Write(ensemble.Trees.Length);
        foreach (DecisionTree tree in ensemble.Trees)
        {
            writer.Write(tree.Nodes.Length);
            foreach (TreeNode node in tree.Nodes)
            {
                writer.Write(node.Feature);
                writer.Write(node.Threshold);
                writer.Write(node.Code);
                writer.Write(node.MissingLeft);
                writer.Write(node.Left);
                writer.Write(node.Right);
                writer.Write(node.Gain);
            }

            WriteAll(writer, tree.LeafValues);
        }
    }

    private static TreeEnsemble Read(BinaryReader reader)
    {
        int version = reader.ReadInt32();
        if (version != Version)
        {
            throw new InvalidDataException(
                $"The trees have format version {version}, expected {Version}; train the model again with this version.");
        }

        string[] features = new string[ReadLength(reader)];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = reader.ReadString();
        }

        float[] baseValues = ReadAll(reader);
        if (features.Length == 0 || baseValues.Length == 0)
        {
            throw new InvalidDataException("The trees have no features or no outputs; the model file is damaged.");
        }

        var trees = new DecisionTree[ReadLength(reader)];
        for (int i = 0; i < trees.Length; i++)
        {
            trees[i] = ReadTree(reader, features.Length, baseValues.Length);
        }

        return new TreeEnsemble(features, baseValues, trees);
    }

    private static DecisionTree ReadTree(BinaryReader reader, int features, int outputs)
    {
        var nodes = new TreeNode[ReadLength(reader)];
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = new TreeNode(
                reader.ReadInt32(), reader.ReadSingle(), reader.ReadByte(), reader.ReadBoolean(), reader.ReadInt32(), reader.ReadInt32(),
                reader.ReadSingle());
        }

        float[] leaves = ReadAll(reader);
        int leafCount = nodes.Length + 1;
        if (leaves.Length != (long)leafCount * outputs || !Array.TrueForAll(leaves, float.IsFinite))
        {
            throw new InvalidDataException(
                $"A tree of {nodes.Length} nodes and {outputs} outputs has {leaves.Length} leaf values or some that are not finite; the "
                    + "model file is damaged.");
        }

        // A child stands behind its parent and belongs to it alone, so that no walk can run in circles or meet a leaf twice.
        bool[] isChild = new bool[nodes.Length];
        bool[] isLeaf = new bool[leafCount];
        for (int i = 0; i < nodes.Length; i++)
        {
            bool sound = nodes[i].Feature >= 0 && nodes[i].Feature < features && !float.IsNaN(nodes[i].Threshold)
                && Takes(nodes[i].Left, i) && Takes(nodes[i].Right, i);
            if (!sound)
            {
                throw new InvalidDataException(
                    $"Node {i} of a tree has no threshold or points outside the tree; the model file is damaged.");
            }
        }

        return new DecisionTree(nodes, leaves, outputs);

        bool Takes(int child, int parent)
        {
            bool[] taken = child >= 0 ? isChild : isLeaf;
            int at = child >= 0 ? child : ~child;
            bool free = at < taken.Length && !taken[at] && (child < 0 || child > parent);
            if (free)
            {
                taken[at] = true;
            }

            return free;
        }
    }

    private static void WriteAll(BinaryWriter writer, float[] values)
    {
        writer.Write(values.Length);
        foreach (float value in values)
        {
            writer.Write(value);
        }
    }

    private static float[] ReadAll(BinaryReader reader)
    {
        float[] values = new float[ReadLength(reader)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadSingle();
        }

        return values;
    }

    private static int ReadLength(BinaryReader reader)
    {
        int length = reader.ReadInt32();
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        return length >= 0 && length <= left
            ? length
            : throw new InvalidDataException($"A length of {length} stands where {left} bytes are left; the model file is damaged.");
    }
}
