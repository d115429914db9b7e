using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;

namespace ImageEditor.ServiceDefaults.Telemetry;

/// <summary>Whoever has a job's id may use the job, so traces carry its first 8 digits only.</summary>
internal sealed partial class JobIdRedaction : BaseProcessor<Activity>
{
    private static readonly string[] Tags = ["url.path", "url.full", "url.query"];

    public override void OnEnd(Activity data)
    {
        data.DisplayName = Shorten(data.DisplayName);
        foreach (var tag in Tags)
        {
            if (data.GetTagItem(tag) is string text)
            {
                data.SetTag(tag, Shorten(text));
            }
        }
    }

    private static string Shorten(string text) => JobId().Replace(text, "$1");

    [GeneratedRegex("(p[0-9]+-[0-9a-f]{8})[0-9a-f]{24}")]
    private static partial Regex JobId();
}
