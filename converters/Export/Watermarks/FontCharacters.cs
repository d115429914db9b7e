using System.Buffers.Binary;
using System.Text;

namespace ImageEditor.Converters.Export.Watermarks;

/// <summary>The characters that a TrueType font has: its table <c>cmap</c> (OpenType specification, formats 4 and 12).</summary>
internal sealed class FontCharacters
{
    private readonly HashSet<int> _characters = [];

    private FontCharacters()
    {
    }

    public bool Contains(Rune character) => _characters.Contains(character.Value);

    /// <param name="font">A font that is shipped, and so is known to be whole.</param>
    public static FontCharacters Read(ReadOnlySpan<byte> font)
    {
        var characters = new FontCharacters();
        for (var entry = 12; entry < 12 + (16 * Short(font, 4)); entry += 16)
        {
            if (font[entry..(entry + 4)].SequenceEqual("cmap"u8))
            {
                characters.ReadTable(font[Long(font, entry + 8)..]);
            }
        }

        return characters;
    }

    private void ReadTable(ReadOnlySpan<byte> table)
    {
        for (var entry = 4; entry < 4 + (8 * Short(table, 2)); entry += 8)
        {
            var map = table[Long(table, entry + 4)..];
            switch (Short(table, entry), Short(map, 0))
            {
                case (0 or 3, 4):
                    ReadSegments(map);
                    break;
                case (0 or 3, 12):
                    ReadGroups(map);
                    break;
            }
        }
    }

    /// <summary>Format 4: ends of ranges, their starts, a difference to the glyph and, if any, a place in a list of glyphs.</summary>
    private void ReadSegments(ReadOnlySpan<byte> map)
    {
        var segments = Short(map, 6) / 2;
        var (ends, starts) = (14, 16 + (2 * segments));
        var (deltas, offsets) = (starts + (2 * segments), starts + (4 * segments));
        for (var i = 0; i < segments; i++)
        {
            var (start, end) = (Short(map, starts + (2 * i)), Short(map, ends + (2 * i)));
            var offset = Short(map, offsets + (2 * i));
            for (var character = start; character <= end && character != 0xFFFF; character++)
            {
                var listed = offset == 0 ? character : Short(map, offsets + (2 * i) + offset + (2 * (character - start)));
                if (listed != 0 && ((listed + Short(map, deltas + (2 * i))) & 0xFFFF) != 0)
                {
                    _characters.Add(character);
                }
            }
        }
    }

    /// <summary>Format 12: first and last character of each range, and its first glyph.</summary>
    private void ReadGroups(ReadOnlySpan<byte> map)
    {
        for (var group = 16; group < 16 + (12 * Long(map, 12)); group += 12)
        {
            var (start, end, glyph) = (Long(map, group), Long(map, group + 4), Long(map, group + 8));
            for (var character = start; character <= end; character++)
            {
                if (glyph + character - start != 0)
                {
                    _characters.Add(character);
                }
            }
        }
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    private static int Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
}
