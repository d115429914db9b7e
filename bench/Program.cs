namespace ImageEditor.Bench;

/// <summary>Where the program starts.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => Commands.RunAsync(args);
}
