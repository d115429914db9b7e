using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ImageEditor.Converters.Tests.Support;

/// <summary>Runs a reference in the language that it is written in; tensors travel in files of little-endian floats.</summary>
internal static class Script
{
    /// <summary>Runs TensorFlow.js in Node.</summary>
    public static Task<float[]> NodeAsync(string kind, string model, Tensor image) => WithFilesAsync(
        image.ChannelsLast().Values,
        (input, output) => RunAsync(
            "node", Path.Combine(Paths.References, "reference.js"), kind, model, $"{image.Shape[2]}", $"{image.Shape[3]}", input, output));

    /// <summary>Runs a program that must succeed.</summary>
    public static async Task RunAsync(string program, params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = Task.WhenAll(
            process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken),
            process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        Assert.True(process.ExitCode == 0, string.Join('\n', await said));
    }

    public static async Task<float[]> WithFilesAsync(float[] input, Func<string, string, Task> run)
    {
        var folder = Directory.CreateTempSubdirectory("models-tests-");
        try
        {
            var (given, made) = (Path.Combine(folder.FullName, "input"), Path.Combine(folder.FullName, "output"));
            await File.WriteAllBytesAsync(given, MemoryMarshal.AsBytes(input.AsSpan()).ToArray(), TestContext.Current.CancellationToken);
            await run(given, made);
            return MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(made, TestContext.Current.CancellationToken)).ToArray();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
