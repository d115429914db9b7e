using Google.FlatBuffers;

namespace ImageEditor.Models.TfLite;

/// <summary>A FlatBuffers table whose fields are read by number; one that is not there has its type's zero.</summary>
internal readonly struct FlatBufferFields(Table? table)
{
    public byte Byte(int number) => Find(number) is var at and > 0 ? table!.Value.bb.Get(at) : (byte)0;

    public int Integer(int number) => Find(number) is var at and > 0 ? table!.Value.bb.GetInt(at) : 0;

    public string Text(int number) => Find(number) is var at and > 0 ? table!.Value.__string(at) : "";

    public int[] Integers(int number)
    {
        var (start, length) = Vector(number);
        var values = new int[length];
        for (var index = 0; index < length; index++)
        {
            values[index] = table!.Value.bb.GetInt(start + index * sizeof(int));
        }

        return values;
    }

    public byte[] Bytes(int number)
    {
        var (start, length) = Vector(number);
        return length == 0 ? [] : table!.Value.bb.ToArray<byte>(start, length);
    }

    public IEnumerable<FlatBufferFields> Tables(int number)
    {
        var (start, length) = Vector(number);
        for (var index = 0; index < length; index++)
        {
            yield return new FlatBufferFields(new Table(table!.Value.__indirect(start + index * sizeof(int)), table.Value.bb));
        }
    }

    /// <summary>The table that a union holds.</summary>
    public FlatBufferFields Union(int number) =>
        Find(number) is var at and > 0 ? new FlatBufferFields(new Table(table!.Value.__indirect(at), table.Value.bb)) : default;

    private (int Start, int Length) Vector(int number)
    {
        if (table is not { } known || known.__offset(4 + 2 * number) is not (var offset and not 0))
        {
            return (0, 0);
        }

        return (known.__vector(offset), known.__vector_len(offset));
    }

    /// <summary>Where a field's value is; 0 where there is none. The vtable's entries begin at its fourth byte.</summary>
    private int Find(int number) =>
        table is { } known && known.__offset(4 + 2 * number) is var offset and not 0 ? known.bb_pos + offset : 0;
}
