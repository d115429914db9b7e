using System.Diagnostics;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Pictures;

/// <summary>Pictures as Chromium shows them, on white.</summary>
internal static class BrowserView
{
    private const int Gap = 8;

    /// <summary>Shows pictures side by side and takes a screenshot.</summary>
    /// <param name="width">Pixels of each.</param>
    /// <param name="height">Pixels of each.</param>
    /// <param name="pictures">Files, and whether each is to be mirrored.</param>
    /// <returns>Red, green and blue of each, row by row.</returns>
    public static async Task<byte[][]> OfAsync(int width, int height, params (byte[] File, bool IsMirrored)[] pictures)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var images = pictures.Select((picture, i) =>
                $"<img src=\"data:{MediaTypeOf(picture.File)};base64,{Convert.ToBase64String(picture.File)}\" "
                + $"style=\"position:absolute;top:0;left:{i * (width + Gap)}px;{(picture.IsMirrored ? "transform:scaleX(-1)" : "")}\">");
            var page = Path.Combine(folder.FullName, "page.html");
            await File.WriteAllTextAsync(page, $"<body style=\"margin:0;background:#fff\">{string.Concat(images)}");
            var screenshot = Path.Combine(folder.FullName, "screenshot.png");
            await RunAsync(
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--hide-scrollbars",
                $"--user-data-dir={folder.FullName}", $"--screenshot={screenshot}",
                $"--window-size={Math.Max(500, pictures.Length * (width + Gap))},{height + 300}", $"file://{page}");
            using var seen = Image.NewFromFile(screenshot);
            using var colours = seen.ExtractBand(0, n: 3);
            using var memory = colours.CopyMemory();
            return [.. pictures.Select((_, i) => Pixels(memory, i * (width + Gap), width, height))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The mean difference of two views, of 255.</summary>
    public static double MeanDifference(byte[] one, byte[] other)
    {
        Assert.Equal(one.Length, other.Length);
        return one.Zip(other).Average(pair => Math.Abs(pair.First - pair.Second));
    }

    private static byte[] Pixels(Image screenshot, int left, int width, int height)
    {
        using var part = screenshot.Crop(left, 0, width, height);
        return part.WriteToMemory<byte>();
    }

    private static async Task RunAsync(params string[] arguments)
    {
        var names = (string[])["chromium", "chromium-browser", "google-chrome"];
        var folders = Environment.GetEnvironmentVariable("PATH")!.Split(':');
        var paths = from folder in folders from name in names select Path.Combine(folder, name);
        var start = new ProcessStartInfo(paths.First(File.Exists)) { RedirectStandardError = true, RedirectStandardOutput = true };
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var chromium = Process.Start(start)!;
        var output = Task.WhenAll(chromium.StandardOutput.ReadToEndAsync(), chromium.StandardError.ReadToEndAsync());
        await chromium.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(chromium.ExitCode == 0, string.Concat(await output));
    }

    private static string MediaTypeOf(ReadOnlySpan<byte> file) =>
        file[1..4].SequenceEqual("PNG"u8) ? "image/png"
        : file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) ? "image/jpeg"
        : file.StartsWith("GIF8"u8) ? "image/gif"
        : file.StartsWith("RIFF"u8) ? "image/webp"
        : "image/avif";
}
