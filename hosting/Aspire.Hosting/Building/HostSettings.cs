using System.Reflection;

namespace Aspire.Hosting;

/// <summary>What decides between a run for a person and a run for a test.</summary>
/// <param name="Args">The command line, which is configuration.</param>
/// <param name="AppHost">The AppHost's assembly.</param>
/// <param name="IsTest">Random ports, data in a temporary folder, no console.</param>
internal sealed record HostSettings(string[] Args, Assembly AppHost, bool IsTest);
