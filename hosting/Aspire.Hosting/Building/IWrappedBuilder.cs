namespace Aspire.Hosting;

/// <summary>A builder that passes everything on to another.</summary>
internal interface IWrappedBuilder
{
    DistributedApplicationBuilder Inner { get; }
}
