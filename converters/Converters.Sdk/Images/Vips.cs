using ImageEditor.Converters.Settings;
using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>How libvips is set up in a process that decodes what strangers send.</summary>
internal static class Vips
{
    /// <summary>The loaders of the formats that are read, by libvips's class names.</summary>
    private static readonly string[] Loaders =
        ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif", "VipsForeignLoadHeif", "VipsForeignLoadTiff"];

    /// <summary>Held here, since native code calls it as long as the process lives.</summary>
    private static readonly Log.LogDelegate Unheard = (_, _, _) => { };

    public static void Prepare(ConverterOptions options)
    {
        global::NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in Loaders)
        {
            Operation.Block(loader, false);
        }

        global::NetVips.NetVips.Concurrency = options.Threads;

        // Damaged input would fill the log with libvips's warnings; what matters of it comes as an exception.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, Unheard);

        // Every request is another picture: remembered operations would only hold memory.
        Cache.Max = 0;
    }
}
