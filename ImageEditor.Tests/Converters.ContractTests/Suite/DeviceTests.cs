using ImageEditor.Converters.ContractTests.Driver;

namespace ImageEditor.Converters.ContractTests.Suite;

public sealed class DeviceTests
{
    [Fact]
    public async Task Start_AskedForAGpuThatTheBuildHasNot_SaysSoAndRunsOnTheCpu()
    {
        var process = await ConverterProcess.StartAsync(
            ConverterUnderTest.Named("blur-faces"), slots: 1, ("Converter__Accelerator", "cuda"));

        var descriptor = await process.Client.DescriptorAsync();
        var log = await process.StopAsync();

        Assert.Equal("cpu", (string?)descriptor["device"]);
        Assert.Contains("Networks run on cpu: this build has no CUDA; build it with -p:Accelerator=cuda", log);
    }

    [Fact]
    public async Task Start_WithNothingAskedFor_WarnsOfNothing()
    {
        var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named("blur-faces"), slots: 1);

        var log = await process.StopAsync();

        Assert.DoesNotContain("Networks run on", log);
    }
}
