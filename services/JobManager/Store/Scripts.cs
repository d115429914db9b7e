using System.Collections.Concurrent;
using System.Globalization;

namespace ImageEditor.JobManager.Store;

/// <summary>The Lua scripts, with the settings written into them.</summary>
internal class Scripts(IScriptConstants constants)
{
    private readonly ConcurrentDictionary<Script, string> _texts = [];

    /// <summary>A script's whole text.</summary>
    public virtual string Text(Script script) => _texts.GetOrAdd(script, Compose);

    private string Compose(Script script) => string.Join('\n',
    [
        .. constants.All.Select(constant => string.Create(CultureInfo.InvariantCulture, $"local {constant.Name} = {constant.Value}")),
        Read("prelude"),
        script is Script.Claim or Script.ClaimSave or Script.Drop or Script.Recount ? "" : Read("job"),
        Read(script.ToString().ToLowerInvariant()),
    ]);

    private static string Read(string name)
    {
        using var stream = typeof(Scripts).Assembly.GetManifestResourceStream(name + ".lua")
            ?? throw new InvalidOperationException($"The script {name}.lua is not part of this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
