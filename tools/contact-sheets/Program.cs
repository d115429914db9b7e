using ImageEditor.Testing;

namespace ImageEditor.Tools.ContactSheets;

/// <summary>Where the program starts.</summary>
internal static class Program
{
    private const string Usage = """
        Usage: dotnet run --project tools/contact-sheets [-- CONVERTER]

        Makes a contact sheet of each converter, or of one, on the shared photos. They are written to artifacts/contact-sheets.
        """;

    private static async Task<int> Main(string[] args)
    {
        if (args.Length > 1 || args.Any(argument => argument.StartsWith('-')))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            interrupted.Cancel();
        };
        await ContactSheet.CreateAllAsync(
            Path.Combine(Repository.Root, "artifacts", "contact-sheets"), args.FirstOrDefault(), interrupted.Token);
        return 0;
    }
}
