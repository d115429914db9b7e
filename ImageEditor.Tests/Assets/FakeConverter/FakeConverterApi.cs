using System.Text.Json.Nodes;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.FakeConverter;

/// <summary>A converter for tests. The query says how long it takes and how it answers.</summary>
internal static class FakeConverterApi
{
    public static void MapFakeConverter(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/descriptor", Descriptor);
        routes.MapGet("/calls", (Calls calls) => TypedResults.Ok(calls));
        routes.MapPost("/convert", TakeSlotAsync);
    }

    private static JsonObject Descriptor() => new()
    {
        ["name"] = "slow",
        ["title"] = "Slow",
        ["description"] = "Takes its time; for tests only.",
        ["public"] = true,
        ["accelerator"] = false,
        ["lossless"] = true,
        ["formats"] = new JsonObject { ["input"] = new JsonArray("image/png", "image/jpeg"), ["output"] = new JsonArray("image/png") },
        ["result"] = new JsonObject { ["scale"] = 1 },
        ["parameters"] = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["ms"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = 600_000, ["default"] = 0 },
                ["answer"] = new JsonObject
                {
                    ["type"] = "string",
                    ["enum"] = new JsonArray(
                        "image", "progress", "preview", "unprocessable", "timeout", "error", "busy", "break", "text", "cut"),
                },
            },
        },
    };

    private static async Task TakeSlotAsync(
        HttpContext context, Calls calls, Slots slots, TimeProvider time, int ms = 0, string answer = "image")
    {
        if (!slots.TryTake())
        {
            await ProblemTypes.Full.Create("The slow converter has no slot free.", TimeSpan.FromSeconds(1)).ExecuteAsync(context);
            return;
        }

        try
        {
            await ConvertAsync(context, calls, time, ms, answer);
        }
        finally
        {
            slots.Free();
        }
    }

    private static async Task ConvertAsync(HttpContext context, Calls calls, TimeProvider time, int ms, string answer)
    {
        calls.Start();
        using var input = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(input, context.RequestAborted);
            if (answer == "preview")
            {
                await WritePreviewsAsync(context, input.ToArray(), TimeSpan.FromMilliseconds(ms), time);
                calls.Answer();
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(ms), time, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            calls.Abandon();
            return;
        }

        var image = HashImage.Create(input.ToArray());
        switch (answer)
        {
            case "unprocessable":
                await ProblemTypes.NotDecodable.Create("The slow converter was told to refuse this.").ExecuteAsync(context);
                break;
            case "timeout":
                await ProblemTypes.TimeLimit.Create("The slow converter was told to take too long.").ExecuteAsync(context);
                break;
            case "error":
                await ProblemTypes.InternalError.Create("The slow converter was told to fail.").ExecuteAsync(context);
                break;
            case "busy":
                await ProblemTypes.Unavailable.Create("The slow converter was told to be busy.", TimeSpan.FromSeconds(1))
                    .ExecuteAsync(context);
                break;
            case "break":
                context.Abort();
                break;
            case "text":
                await context.Response.WriteAsync("This is no image.");
                break;
            case "cut":
                context.Response.ContentType = "image/png";
                await context.Response.Body.WriteAsync(image.AsMemory(0, image.Length - 6));
                break;
            case "progress":
                await WriteWithProgressAsync(context, image);
                break;
            default:
                context.Response.ContentType = "image/png";
                await context.Response.Body.WriteAsync(image);
                break;
        }

        calls.Answer();
    }

    /// <summary>
    /// Writes two previews, half of the duration apart, and then the result. The previews are the hash images of the input with one byte
    /// more and with two.
    /// </summary>
    private static async Task WritePreviewsAsync(HttpContext context, byte[] input, TimeSpan duration, TimeProvider time)
    {
        const string boundary = "fake-converter";
        context.Response.ContentType = $"multipart/mixed; boundary={boundary}";
        await context.Response.WriteAsync($"--{boundary}\r\n", context.RequestAborted);
        foreach (var preview in (byte[][])[[.. input, 1], [.. input, 1, 2]])
        {
            await context.Response.WriteAsync("Content-Type: image/png\r\n\r\n", context.RequestAborted);
            await context.Response.Body.WriteAsync(HashImage.Create(preview), context.RequestAborted);
            await context.Response.WriteAsync($"\r\n--{boundary}\r\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(duration / 2, time, context.RequestAborted);
        }

        await context.Response.WriteAsync("Content-Type: image/png\r\n\r\n", context.RequestAborted);
        await context.Response.Body.WriteAsync(HashImage.Create(input), context.RequestAborted);
        await context.Response.WriteAsync($"\r\n--{boundary}--\r\n", context.RequestAborted);
    }

    private static async Task WriteWithProgressAsync(HttpContext context, byte[] image)
    {
        const string boundary = "fake-converter";
        context.Response.ContentType = $"multipart/mixed; boundary={boundary}";
        await context.Response.WriteAsync($"--{boundary}\r\nContent-Type: application/json\r\n\r\n{{\"progress\": 0.5}}\r\n");
        await context.Response.WriteAsync($"--{boundary}\r\nContent-Type: image/png\r\nX-Result-Info: {{\"found\": 2}}\r\n\r\n");
        await context.Response.Body.WriteAsync(image);
        await context.Response.WriteAsync($"\r\n--{boundary}--\r\n");
    }
}
