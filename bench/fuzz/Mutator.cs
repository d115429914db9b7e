using System.Buffers.Binary;

namespace ImageEditor.Bench.Fuzz;

/// <summary>Breaks files: bytes here and there, more often near the start; pieces cut, repeated, or of another.</summary>
internal sealed class Mutator(IReadOnlyList<(string Name, byte[] File)> corpus, int seed)
{
    private const int MaxPiece = 64;
    private const int MaxBytes = 1 << 20;

    private static readonly uint[] Remarkable =
        [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF];

    /// <summary>The mutation of a number: always the same one. The first numbers are the files as they are.</summary>
    public (string Name, byte[] File) Make(int number)
    {
        if (number < corpus.Count)
        {
            return corpus[number];
        }

        var random = new Random(HashCode(number));
        var (name, file) = corpus[random.Next(corpus.Count)];
        var mutant = file.ToList();
        for (var changes = 1 + random.Next(6); changes > 0 && mutant.Count > 0; changes--)
        {
            Change(mutant, random);
        }

        return (name, [.. mutant.Take(MaxBytes)]);
    }

    private void Change(List<byte> mutant, Random random)
    {
        var at = random.Next(1 + random.Next(mutant.Count));
        var length = Math.Min(1 + random.Next(MaxPiece), mutant.Count - at);
        switch (random.Next(12))
        {
            case 0:
                mutant.RemoveRange(at, length);
                break;
            case 1:
                mutant.InsertRange(at, Enumerable.Repeat(mutant.GetRange(at, length), 1 + random.Next(8)).SelectMany(piece => piece));
                break;
            case 2:
                mutant.RemoveRange(at, mutant.Count - at);
                break;
            case 3:
                var other = corpus[random.Next(corpus.Count)].File;
                var from = random.Next(other.Length);
                mutant.InsertRange(at, other.Skip(from).Take(length));
                break;
            case 4 or 5:
                Write(mutant, at, Remarkable[random.Next(Remarkable.Length)], random);
                break;
            case 6:
                Write(mutant, at, (uint)random.Next(mutant.Count), random);
                break;
            case 7 or 8:
                mutant[at] ^= (byte)(1 << random.Next(8));
                break;
            default:
                mutant[at] = (byte)random.Next(256);
                break;
        }
    }

    /// <summary>Writes a number of one, two or four bytes in either order.</summary>
    private static void Write(List<byte> mutant, int at, uint value, Random random)
    {
        var size = 1 << random.Next(3);
        var digits = new byte[4];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(digits, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(digits, value);
            digits = digits[(4 - size)..];
        }

        for (var i = 0; i < size && at + i < mutant.Count; i++)
        {
            mutant[at + i] = digits[i];
        }
    }

    /// <summary>Neighbours get seeds that have nothing in common, in every process alike.</summary>
    private int HashCode(int number) => unchecked((int)((((uint)number * 2654435761) ^ (uint)seed) * 2246822519));
}
