namespace Gbi.Events.IO.Footers;

/// <summary>Least and largest value of a chunk or page as their bytes, and its number of nulls; each only where it is given.</summary>
internal sealed record StoredStatistics
{
    public byte[]? Least { get; private set; }

    public byte[]? Largest { get; private set; }

    /// <summary>Whether the bounds come from the two fields that compare by signed order whatever the type.</summary>
    public bool AreDeprecated { get; private set; }

    public long? NullCount { get; private set; }

    public static StoredStatistics Read(ref ThriftReader reader, in ThriftField at)
    {
        at.RequireStruct();
        byte[]? oldLeast = null, oldLargest = null;
        var read = new StoredStatistics();
        for (var field = default(ThriftField); reader.Next(ref field);)
        {
            switch (field.Id)
            {
                case 1:
                    oldLargest = reader.ReadBinary(field).ToArray();
                    break;
                case 2:
                    oldLeast = reader.ReadBinary(field).ToArray();
                    break;
                case 3:
                    read.NullCount = reader.ReadInt64(field);
                    break;
                case 5:
                    read.Largest = reader.ReadBinary(field).ToArray();
                    break;
                case 6:
                    read.Least = reader.ReadBinary(field).ToArray();
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        read.AreDeprecated = read.Least is null && read.Largest is null;
        if (read.AreDeprecated)
        {
            (read.Least, read.Largest) = (oldLeast, oldLargest);
        }

        return read;
    }
}
