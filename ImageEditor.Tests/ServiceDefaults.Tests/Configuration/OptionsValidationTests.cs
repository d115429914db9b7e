using System.ComponentModel.DataAnnotations;
using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageEditor.ServiceDefaults.Tests.Configuration;

public sealed class OptionsValidationTests
{
    [Fact]
    public void RequirePositive_NumbersAndDurations_NamesEachThatIsNot()
    {
        var result = new ValidateOptionsResultBuilder()
            .RequirePositive("Sample", new SampleOptions { Count = 0, Bytes = -1, Interval = TimeSpan.Zero })
            .Build();

        Assert.Equal(
            ["Sample:Count must be positive.", "Sample:Bytes must be positive.", "Sample:Interval must be positive."], result.Failures);
    }

    [Fact]
    public void Require_ConditionThatHolds_AddsNoFailure() =>
        Assert.True(new ValidateOptionsResultBuilder()
            .Require(true, "It does not hold.")
            .RequirePositive("Sample", new SampleOptions())
            .Build().Succeeded);

    [Fact]
    public void AddValidatedOptions_SectionThatCannotWork_ThrowsWithTheValidatorsSentence() =>
        Assert.Equal("Sample:Count must be positive.", FailureOf("Sample:Count", "0"));

    [Fact]
    public void AddValidatedOptions_WithAValidator_ChecksAnnotationsToo() =>
        Assert.Contains("Count must be between 0 and 9.", FailureOf("Sample:Count", "10"), StringComparison.Ordinal);

    /// <summary>Why the sample's options are refused with a setting.</summary>
    private static string FailureOf(string setting, string value)
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new(setting, value)]).Build())
            .AddValidatedOptions<SampleOptions, SampleOptionsValidator>("Sample")
            .BuildServiceProvider();
        return Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<SampleOptions>>().Value).Message;
    }

    private sealed class SampleOptions
    {
        [Range(0, 9)]
        public int Count { get; set; } = 1;

        public long Bytes { get; set; } = 1;

        public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

        public string Name { get; set; } = "";
    }

    private sealed class SampleOptionsValidator : IValidateOptions<SampleOptions>
    {
        public ValidateOptionsResult Validate(string? name, SampleOptions options) =>
            new ValidateOptionsResultBuilder().RequirePositive("Sample", options).Build();
    }
}
