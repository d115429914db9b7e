using System.Text.Json.Serialization;

namespace ImageEditor.JobManager.Store;

/// <summary>What is leased. The scripts know each kind by its name in lower case.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LeaseKind>))]
internal enum LeaseKind
{
    Job,
    Save,
}
