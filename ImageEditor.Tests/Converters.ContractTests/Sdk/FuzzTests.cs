using System.Diagnostics;
using System.Reflection;

namespace ImageEditor.Converters.ContractTests.Sdk;

/// <summary>A short run of the program <c>bench/fuzz</c>; docs/performance.md has the long ones.</summary>
[Collection(nameof(SdkTests))]
public sealed class FuzzTests
{
    [Theory]
    [InlineData("inspector", 5_000)]
    [InlineData("sdk", 400)]
    [InlineData("pixelate", 400)]
    [InlineData("heic", 400)]
    public async Task Run_MutatedPictures_NoneIsAFault(string target, int count)
    {
        var program = typeof(FuzzTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "Fuzz").Value!;
        var start = new ProcessStartInfo("dotnet", [program, target, "--count", $"{count}"]) { RedirectStandardOutput = true };
        using var run = Process.Start(start)!;
        var output = await run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(run.ExitCode == 0, output);
        Assert.Matches(@"\d[\d,]* read, \d[\d,]* refused; .* 1 start\(s\)", output);
    }
}
