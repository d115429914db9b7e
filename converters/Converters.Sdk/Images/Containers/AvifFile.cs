using System.Buffers.Binary;
using ImageEditor.ServiceDefaults.Pictures;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.Converters.Images.Containers;

/// <summary>
/// AVIF (ISO/IEC 23008-12): finds what libvips does not tell. Its decoder turns colours and alpha each by their own properties; older files
/// have them at the colours only, and browsers turn both.
/// </summary>
internal static class AvifFile
{
    /// <exception cref="ProblemException">422: it takes too much to decode; a piece that is cut out of the colours only.</exception>
    public static PreparedFile Prepare(byte[] bytes)
    {
        var items = Items.Read(bytes);
        if (items is null)
        {
            return new PreparedFile(bytes);
        }

        if (items.Alpha is { } unsized && !items.HasSize(unsized))
        {
            // The decoder would take one of any size; browsers show no such file.
            throw UnreadKinds.Refuse("AVIF", UnreadKinds.OfAlphaSize);
        }

        items.EnsureUsualSize();
        if (items.HasOverlay)
        {
            throw UnreadKinds.Refuse("AVIF", UnreadKinds.OfFeature);
        }

        var (colour, alpha) = (items.PropertiesOf(items.Primary), items.Alpha is { } id ? items.PropertiesOf(id) : null);
        var cuts = colour.Concat(alpha ?? []).Where(property => IsCutInside(property, colour, bytes)).ToList();
        if (cuts.Count > 0)
        {
            return Prepare(Without(bytes, cuts));
        }

        if (alpha is not null && !Pieces(colour, bytes).SequenceEqual(Pieces(alpha, bytes)))
        {
            throw UnreadKinds.Refuse("AVIF", UnreadKinds.OfPieces);
        }

        var prepared = new PreparedFile(bytes)
        {
            Profile = ProfileOf(colour, bytes),
            IsPremultiplied = items.IsPremultiplied,
        };
        return alpha is null || Turns(colour, bytes).SequenceEqual(Turns(alpha, bytes))
            ? prepared
            : TurnedTogether(prepared, colour, alpha);
    }

    /// <summary>Takes the turns off both, and turns the decoded picture instead, as the colours' properties say.</summary>
    private static PreparedFile TurnedTogether(PreparedFile file, List<Property> colour, List<Property> alpha)
    {
        var angle = colour.FirstOrDefault(property => property.Type == "irot") is { } turn ? First(turn, file.Bytes) & 3 : 0;
        int? axis = colour.FirstOrDefault(property => property.Type == "imir") is { } mirror ? First(mirror, file.Bytes) & 1 : null;

        // Quarters of a turn to the left, then top and bottom (0) or left and right (1) exchanged.
        var orientation = (angle, axis) switch
        {
            (0, null) => 1,
            (1, null) => 8,
            (2, null) => 3,
            (3, null) => 6,
            (0, 1) or (2, 0) => 2,
            (0, 0) or (2, 1) => 4,
            (1, 0) or (3, 1) => 5,
            _ => 7,
        };
        var turns = colour.Concat(alpha).Where(property => property.Type is "irot" or "imir");
        return file with { Bytes = Without(file.Bytes, turns), Orientation = orientation };
    }

    /// <summary>A copy in which items do not have properties that they had.</summary>
    private static byte[] Without(byte[] bytes, IEnumerable<Property> properties)
    {
        var copy = (byte[])bytes.Clone();
        foreach (var property in properties)
        {
            copy.AsSpan(property.Association).Clear();
        }

        return copy;
    }

    /// <summary>
    /// Whether a property cuts a piece out that does not begin in the upper left corner: browsers show the whole picture then. A piece has
    /// width and height, and the distance of its middle from the picture's, each as a fraction.
    /// </summary>
    private static bool IsCutInside(Property property, List<Property> colour, byte[] bytes)
    {
        var piece = Start(bytes, property);
        if (property.Type != "clap" || piece.Length < 32
            || colour.FirstOrDefault(other => other.Type == "ispe") is not { } extent || Start(bytes, extent) is not { Length: >= 12 } size)
        {
            return false;
        }

        return Distance(piece[..8], piece[16..24], size[4..8]) != 0 || Distance(piece[8..16], piece[24..32], size[8..12]) != 0;

        static double Distance(ReadOnlySpan<byte> length, ReadOnlySpan<byte> offset, ReadOnlySpan<byte> side) =>
            ((double)BinaryPrimitives.ReadInt32BigEndian(offset) / BinaryPrimitives.ReadUInt32BigEndian(offset[4..]))
            + ((BinaryPrimitives.ReadUInt32BigEndian(side)
                - ((double)BinaryPrimitives.ReadUInt32BigEndian(length) / BinaryPrimitives.ReadUInt32BigEndian(length[4..]))) / 2);
    }

    private static byte[]? ProfileOf(List<Property> properties, byte[] bytes)
    {
        var colours = properties.Where(property => property.Type == "colr").Select(property => Start(bytes, property).ToArray()).ToList();
        if (colours.Find(data => data.AsSpan().StartsWith("nclx"u8) && data.Length >= 8) is not { } coded
            || colours.Exists(data => data.AsSpan().StartsWith("prof"u8) || data.AsSpan().StartsWith("rICC"u8)))
        {
            return null;
        }

        // Browsers take the curves of video for sRGB's here.
        var transfer = BinaryPrimitives.ReadUInt16BigEndian(coded.AsSpan(6));
        transfer = transfer is 1 or 6 or 11 or 14 or 15 ? (ushort)13 : transfer;
        return CodedColours.TryFind(BinaryPrimitives.ReadUInt16BigEndian(coded.AsSpan(4)), transfer, out var found) && !found.IsSrgb
            ? IccProfile.Create(found, isGrey: false)
            : null;
    }

    private static IEnumerable<(string Type, int Value)> Turns(List<Property> properties, byte[] bytes) =>
        from property in properties where property.Type is "irot" or "imir" select (property.Type, First(property, bytes));

    private static IEnumerable<string> Pieces(List<Property> properties, byte[] bytes) =>
        from property in properties where property.Type == "clap" select Convert.ToHexString(Start(bytes, property));

    private static int First(Property property, byte[] bytes) => Start(bytes, property) is [var value, ..] ? value : 0;

    /// <summary>The first bytes of a property, of which all that are looked at here have few.</summary>
    private static ReadOnlySpan<byte> Start(byte[] bytes, Property property)
    {
        var data = bytes.AsSpan(property.Data);
        return data[..Math.Min(data.Length, 64)];
    }

    /// <summary>A property of an item.</summary>
    /// <param name="Type">Four letters.</param>
    /// <param name="Data">Where it is.</param>
    /// <param name="Association">Where the bytes are that give it to the item; zeros give nothing.</param>
    private sealed record Property(string Type, Range Data, Range Association);

    /// <summary>The items of a file's meta box, as far as they are of use here.</summary>
    private sealed class Items
    {
        /// <summary>Pixels of one part, where the picture itself has no more.</summary>
        private const double MaxPartPixels = 50_000_000;

        /// <summary>How many times that all parts may have: colours, alpha, and what of their tiles is not seen.</summary>
        private const double MaxParts = 3;

        /// <summary>How deep pictures may be made of one another; real ones are made of tiles, and these of nothing.</summary>
        private const int MaxDepth = 8;

        private readonly Dictionary<uint, List<Property>> _properties = [];

        /// <summary>The pixels of each item, by the largest size that it is given.</summary>
        private readonly Dictionary<uint, double> _pixels = [];

        /// <summary>What the decoder makes a picture of: its tiles, as often as each is used, and the alpha of each item.</summary>
        private readonly Dictionary<uint, List<uint>> _tiles = [];
        private readonly Dictionary<uint, List<uint>> _alphas = [];

        /// <summary>How many more boxes, and properties and parts of items, are looked at; real files have thousands at most.</summary>
        private int _left = 20_000;

        public uint Primary { get; private set; }

        /// <summary>The item that holds the alpha of the primary one.</summary>
        public uint? Alpha { get; private set; }

        public bool IsPremultiplied { get; private set; }

        /// <summary>
        /// Whether an item lays pictures over one another, on a canvas of any size, whatever is said of it. Browsers show no such file.
        /// </summary>
        public bool HasOverlay { get; private set; }

        public bool HasSize(uint item) => _pixels.ContainsKey(item);

        /// <summary>A tile may be used again and again, and alpha be larger than its colours: small files would take gigabytes.</summary>
        public void EnsureUsualSize()
        {
            var (sum, largest) = PixelsOf(Primary, depth: 0, []);
            var most = Math.Max(MaxPartPixels, _pixels.GetValueOrDefault(Primary));
            if (_left <= 0 || largest > most || sum > MaxParts * most)
            {
                throw UnreadKinds.Refuse("AVIF", UnreadKinds.OfSize);
            }
        }

        public List<Property> PropertiesOf(uint item) => _properties.GetValueOrDefault(item) ?? [];

        /// <returns>Null where there is no meta box that makes sense; the decoder refuses it.</returns>
        public static Items? Read(byte[] bytes)
        {
            var items = new Items();
            try
            {
                return items.Boxes(bytes, 0, bytes.Length).FirstOrDefault(box => box.Type == "meta") is { Type: not null } meta
                    ? items.ReadMeta(bytes, [.. items.Boxes(bytes, meta.Start + 4, meta.End)])
                    : null;
            }
            catch (ArgumentOutOfRangeException)
            {
                // A box that is too short for what it should hold.
                return null;
            }
        }

        private Items ReadMeta(byte[] bytes, List<Box> boxes)
        {
            foreach (var box in boxes.Where(box => box.Type == "pitm"))
            {
                Primary = Number(bytes, box.Start + 4, Number(bytes, box.Start, 1) == 0 ? 2 : 4);
            }

            foreach (var box in boxes.Where(box => box.Type == "iprp"))
            {
                ReadProperties(bytes, [.. Boxes(bytes, box.Start, box.End)]);
            }

            foreach (var box in boxes.Where(box => box.Type == "iref"))
            {
                ReadReferences(bytes, box, idBytes: Number(bytes, box.Start, 1) == 0 ? 2 : 4);
            }

            foreach (var box in boxes.Where(box => box.Type == "iinf"))
            {
                // Each entry: version and flags (4 bytes), the item (2 or 4), its protection (2), its type in four letters.
                var entries = Boxes(bytes, box.Start + (Number(bytes, box.Start, 1) == 0 ? 6 : 8), box.End);
                HasOverlay |= entries.Any(entry => entry.Type == "infe" && entry.End - entry.Start >= 12
                    && bytes.AsSpan(entry.Start..entry.End)[(bytes[entry.Start] < 3 ? 8 : 10)..].StartsWith("iovl"u8));
            }

            return this;
        }

        private void ReadProperties(byte[] bytes, List<Box> boxes)
        {
            var all = boxes.Where(box => box.Type == "ipco").SelectMany(box => Boxes(bytes, box.Start, box.End)).ToList();
            foreach (var box in boxes.Where(box => box.Type == "ipma"))
            {
                var idBytes = Number(bytes, box.Start, 1) == 0 ? 2 : 4;
                var indexBytes = (int)(Number(bytes, box.Start + 3, 1) & 1) + 1;
                var at = box.Start + 8;
                for (; at + idBytes < box.End && _left > 0; _left--)
                {
                    var properties = new List<Property>();
                    var item = Number(bytes, at, idBytes);
                    _properties.TryAdd(item, properties);
                    var count = bytes[at + idBytes];
                    at += idBytes + 1;
                    for (; count > 0 && at + indexBytes <= box.End && _left > 0; count--, at += indexBytes, _left--)
                    {
                        // The highest bit says that it must be understood.
                        var index = Number(bytes, at, indexBytes) & (indexBytes == 1 ? 0x7Fu : 0x7FFFu);
                        if (index > 0 && index <= all.Count)
                        {
                            var property = all[(int)index - 1];
                            properties.Add(new Property(property.Type, property.Start..property.End, at..(at + indexBytes)));
                            if (property.Type == "ispe")
                            {
                                var (width, height) = (Number(bytes, property.Start + 4, 4), Number(bytes, property.Start + 8, 4));
                                _pixels[item] = Math.Max(_pixels.GetValueOrDefault(item), (double)width * height);
                            }
                        }
                    }
                }
            }
        }

        private void ReadReferences(byte[] bytes, Box references, int idBytes)
        {
            foreach (var box in Boxes(bytes, references.Start + 4, references.End))
            {
                // From (an id), the number of targets (2 bytes), the targets (an id each).
                var from = Number(bytes, box.Start, idBytes);
                IsPremultiplied |= box.Type == "prem" && from == Primary;
                var isAlpha = box.Type == "auxl" && IsAlpha(bytes, from);
                for (var at = box.Start + idBytes + 2; at + idBytes <= box.End && _left > 0; at += idBytes, _left--)
                {
                    var to = Number(bytes, at, idBytes);
                    if (isAlpha)
                    {
                        Add(_alphas, to, from);
                        Alpha = to == Primary ? from : Alpha;
                    }
                    else if (box.Type == "dimg")
                    {
                        Add(_tiles, from, to);
                    }
                }
            }

            static void Add(Dictionary<uint, List<uint>> parts, uint whole, uint part)
            {
                parts.TryAdd(whole, []);
                parts[whole].Add(part);
            }
        }

        /// <summary>The pixels that are decoded for an item, and those of its largest part; endless where it is made of itself.</summary>
        private (double Sum, double Largest) PixelsOf(uint item, int depth, Dictionary<uint, (double Sum, double Largest)> known)
        {
            var endless = (double.PositiveInfinity, double.PositiveInfinity);
            if (depth > MaxDepth || !known.TryAdd(item, endless))
            {
                return depth > MaxDepth ? endless : known[item];
            }

            var own = _pixels.GetValueOrDefault(item, double.PositiveInfinity);
            var (sum, largest) = _tiles.ContainsKey(item) ? (0d, 0d) : (own, own);
            foreach (var part in _tiles.GetValueOrDefault(item, []).Concat(_alphas.GetValueOrDefault(item, [])))
            {
                var pixels = PixelsOf(part, depth + 1, known);
                (sum, largest) = (sum + pixels.Sum, Math.Max(largest, pixels.Largest));
            }

            return known[item] = (sum, largest);
        }

        private bool IsAlpha(byte[] bytes, uint item) => PropertiesOf(item).Any(property =>
            property.Type == "auxC"
            && (Start(bytes, property).IndexOf("auxiliary:alpha"u8) >= 0 || Start(bytes, property).IndexOf("auxid:1"u8) >= 0));

        private static uint Number(byte[] bytes, int at, int size) => size switch
        {
            1 => bytes.AsSpan(at, 1)[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at, 2)),
            _ => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at, 4)),
        };

        /// <summary>The whole boxes between two places.</summary>
        private IEnumerable<Box> Boxes(byte[] bytes, int start, int end)
        {
            for (var at = start; at + 8 <= end && _left > 0; _left--)
            {
                var (length, header) = ((ulong)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at)), 8);
                if (length == 1 && at + 16 <= end)
                {
                    (length, header) = (BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(at + 8)), 16);
                }

                length = length == 0 ? (ulong)(end - at) : length;
                if (length < (ulong)header || length > (ulong)(end - at))
                {
                    yield break;
                }

                yield return new Box(System.Text.Encoding.Latin1.GetString(bytes, at + 4, 4), at + header, at + (int)length);
                at += (int)length;
            }
        }

        private readonly record struct Box(string Type, int Start, int End);
    }
}
