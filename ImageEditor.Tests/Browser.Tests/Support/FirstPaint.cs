using System.Text.Json;

namespace ImageEditor.Browser.Tests.Support;

/// <summary>Reads from Chromium's own trace when something is first seen.</summary>
internal static class FirstPaint
{
    /// <summary>From the start of the navigation to the first contentful paint.</summary>
    public static async Task<TimeSpan> MeasureAsync(IBrowser browser, IPage page, Uri address)
    {
        var session = await browser.NewBrowserCDPSessionAsync();
        var complete = new TaskCompletionSource<string>();
        session.Event("Tracing.tracingComplete").OnEvent += (_, answer) =>
            complete.SetResult(answer!.Value.GetProperty("stream").GetString()!);
        await session.SendAsync(
            "Tracing.start",
            new Dictionary<string, object> { ["categories"] = "blink.user_timing,loading", ["transferMode"] = "ReturnAsStream" });
        await page.GotoAsync(address.ToString());
        await page.WaitForFunctionAsync("() => performance.getEntriesByName('first-contentful-paint').length > 0");
        await session.SendAsync("Tracing.end");
        using var trace = JsonDocument.Parse(await ReadAsync(session, await complete.Task));
        var events = trace.RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
        var paint = events.Last(entry => entry.GetProperty("name").GetString() == "firstContentfulPaint");
        var navigation = paint.GetProperty("args").GetProperty("data").GetProperty("navigationId").GetString();
        var start = events.Last(entry => entry.GetProperty("name").GetString() == "navigationStart"
            && entry.GetProperty("args").TryGetProperty("data", out var data)
            && data.TryGetProperty("navigationId", out var id)
            && id.GetString() == navigation);
        return TimeSpan.FromMicroseconds(paint.GetProperty("ts").GetDouble() - start.GetProperty("ts").GetDouble());
    }

    private static async Task<string> ReadAsync(ICDPSession session, string stream)
    {
        var text = new System.Text.StringBuilder();
        while (true)
        {
            var answer = (await session.SendAsync("IO.read", new Dictionary<string, object> { ["handle"] = stream }))!.Value;
            var data = answer.GetProperty("data").GetString()!;
            var isEncoded = answer.TryGetProperty("base64Encoded", out var encoded) && encoded.GetBoolean();
            text.Append(isEncoded ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data)) : data);
            if (answer.GetProperty("eof").GetBoolean())
            {
                return text.ToString();
            }
        }
    }
}
