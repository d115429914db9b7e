using System.Collections.Concurrent;
using System.Globalization;

namespace ImageEditor.JobManager.Store;

/// <summary>The Lua scripts, with the settings written into them.</summary>
internal class LuaScripts(IScriptConstants constants)
{
    private readonly ConcurrentDictionary<ScriptName, string> _texts = [];

    /// <summary>A script's whole text.</summary>
    public virtual string Text(ScriptName script) => _texts.GetOrAdd(script, Compose);

    private string Compose(ScriptName script) => string.Join('\n',
    [
        .. constants.All.Select(constant => string.Create(CultureInfo.InvariantCulture, $"local {constant.Name} = {constant.Value}")),
        Read("prelude"),
        IsAboutOneJob(script) ? Read("job") : "",
        Read(script.ToString().ToLowerInvariant()),
    ]);

    private static bool IsAboutOneJob(ScriptName script) =>
        script is not (ScriptName.Claim or ScriptName.Deliver or ScriptName.DropOrphan or ScriptName.Heads or ScriptName.Recount
            or ScriptName.RenewAll or ScriptName.Tick);

    private static string Read(string name)
    {
        using var stream = typeof(LuaScripts).Assembly.GetManifestResourceStream(name + ".lua")
            ?? throw new InvalidOperationException($"The script {name}.lua is not part of this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
