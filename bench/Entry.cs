namespace ImageEditor.Bench;

/// <summary>Where the program starts. A class of its own name: <c>Program</c> is the AppHost's here.</summary>
internal static class Entry
{
    private static Task<int> Main(string[] args) => Commands.RunAsync(args);
}
