namespace ImageEditor.Architecture.Tests.Circle.Right;

/// <summary>Uses a type of the other folder and one of the root.</summary>
internal sealed class Taker
{
    private readonly Root _root = new();

    public string Take(Left.Gift gift) => gift.Name + _root;
}
