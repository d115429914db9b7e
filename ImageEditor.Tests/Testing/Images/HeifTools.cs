using System.Diagnostics;
using System.Text;

namespace ImageEditor.Testing.Images;

/// <summary>libheif's own programs (Debian's package <c>libheif-examples</c>): another build of it than the converter's.</summary>
public static class HeifTools
{
    /// <summary>Encodes a PNG as HEIC.</summary>
    /// <param name="png">The picture.</param>
    /// <param name="options">Of <c>heif-enc</c>, such as <c>-q</c> and <c>30</c>.</param>
    public static byte[] Encode(byte[] png, params string[] options) =>
        Run("heif-enc", [.. options, "in.png", "-o", "out.heic"], "in.png", png, "out.heic");

    /// <summary>Decodes a HEIC as PNG, upright as the file says.</summary>
    public static byte[] Decode(byte[] heic) => Run("heif-convert", ["in.heic", "out.png"], "in.heic", heic, "out.png");

    /// <summary>What a HEIC says of its picture.</summary>
    public static string Info(byte[] heic) => Encoding.UTF8.GetString(Run("heif-info", ["in.heic"], "in.heic", heic, output: null));

    /// <summary>Runs a program in an empty folder.</summary>
    /// <returns>The file that it writes there, or what it prints.</returns>
    private static byte[] Run(string program, string[] arguments, string input, byte[] content, string? output)
    {
        var folder = Directory.CreateTempSubdirectory("heif");
        try
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, input), content);
            var start = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var printed = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {printed} {errors.Result}");
            }

            return output is null ? Encoding.UTF8.GetBytes(printed) : File.ReadAllBytes(Path.Combine(folder.FullName, output));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
