using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace ImageEditor.ServiceDefaults.Tests;

/// <summary>What every service gets.</summary>
public sealed class ServiceDefaultsExtensionsTests
{
    /// <summary>A message such as "at most 2.5 MB", and what one service writes for another to read.</summary>
    [Fact]
    public void AddServiceDefaults_OnAMachineOfAnotherLanguage_WritesNumbersInOneWay()
    {
        var machine = CultureInfo.DefaultThreadCurrentCulture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            WebApplication.CreateSlimBuilder().AddServiceDefaults();

            var text = "";
            var thread = new Thread(() => text = $"{2.5}");
            thread.UnsafeStart();
            thread.Join();
            Assert.Equal("2.5", text);
        }
        finally
        {
            CultureInfo.DefaultThreadCurrentCulture = machine;
        }
    }
}
