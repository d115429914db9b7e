using Aspire.Hosting.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A default that is generated once and then kept with the data that is useless without it.</summary>
internal sealed class KeptParameterDefault(string name, ParameterDefault inner, DataFolder data) : ParameterDefault
{
    public override string GetDefaultValue() => data.GetOrCreateSecret(name, inner.GetDefaultValue);
}
