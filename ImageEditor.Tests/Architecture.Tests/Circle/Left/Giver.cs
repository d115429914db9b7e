namespace ImageEditor.Architecture.Tests.Circle.Left;

/// <summary>Uses a type of the other folder, inside a method only.</summary>
internal static class Giver
{
    public static string Give() => new Right.Taker().Take(new Gift("picture"));
}

/// <summary>What the other folder uses.</summary>
internal sealed record Gift(string Name);
