namespace ImageEditor.JobManager.Store;

/// <summary>A script's reply.</summary>
/// <param name="Result">What happened.</param>
/// <param name="Fields">What the script returned with it.</param>
internal sealed record ScriptReply(ScriptResult Result, StoreFields Fields)
{
    /// <summary>Nothing was found to run a script on.</summary>
    public static ScriptReply NotFound { get; } = new(ScriptResult.NotFound, new StoreFields([]));

    /// <summary>Reads a reply: a word for what happened, then names and values in turn.</summary>
    /// <exception cref="InvalidOperationException">The word is not known.</exception>
    public static ScriptReply Parse(string[] reply) =>
        Enum.TryParse<ScriptResult>(reply[0].Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var result)
            ? new ScriptReply(result, new StoreFields(reply.Skip(1).Chunk(2).Select(pair => KeyValuePair.Create(pair[0], pair[1]))))
            : throw new InvalidOperationException($"'{reply[0]}' is no script's result.");
}
