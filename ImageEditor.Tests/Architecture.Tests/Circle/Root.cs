namespace ImageEditor.Architecture.Tests.Circle;

/// <summary>Stands for what lies in the root of a service.</summary>
internal sealed class Root
{
    public static string Run() => Left.Giver.Give();
}
