using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A random value. With all kinds of characters each is worth more than 6 bits, so 22 of them hold 128 bits.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string LowerCharacters = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperCharacters = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string NumericCharacters = "0123456789";
    private const string SpecialCharacters = "-_.{}~()*+!";

    /// <summary>The number of characters, at least.</summary>
    public int MinLength { get; set; }

    /// <summary>Whether lower-case letters are used.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether upper-case letters are used.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether digits are used.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether special characters are used.</summary>
    public bool Special { get; set; } = true;

    /// <summary>The number of lower-case letters, at least.</summary>
    public int MinLower { get; set; }

    /// <summary>The number of upper-case letters, at least.</summary>
    public int MinUpper { get; set; }

    /// <summary>The number of digits, at least.</summary>
    public int MinNumeric { get; set; }

    /// <summary>The number of special characters, at least.</summary>
    public int MinSpecial { get; set; }

    /// <inheritdoc/>
    public override string GetDefaultValue()
    {
        var kinds = new[]
        {
            (Use: Lower, Characters: LowerCharacters, Min: MinLower),
            (Use: Upper, Characters: UpperCharacters, Min: MinUpper),
            (Use: Numeric, Characters: NumericCharacters, Min: MinNumeric),
            (Use: Special, Characters: SpecialCharacters, Min: MinSpecial),
        }.Where(kind => kind.Use).ToList();
        if (kinds.Count == 0)
        {
            throw new InvalidOperationException("A generated value needs at least one kind of characters.");
        }

        var value = kinds.SelectMany(kind => RandomNumberGenerator.GetItems<char>(kind.Characters, kind.Min)).ToList();
        var rest = Math.Max(0, MinLength - value.Count);
        value.AddRange(RandomNumberGenerator.GetItems<char>(string.Concat(kinds.Select(kind => kind.Characters)), rest));

        var characters = value.ToArray();
        RandomNumberGenerator.Shuffle<char>(characters);
        return new string(characters);
    }
}
