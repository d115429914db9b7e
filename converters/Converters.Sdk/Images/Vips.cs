using ImageEditor.Converters.Settings;
using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>Configures libvips in a process that decodes untrusted files.</summary>
internal static class Vips
{
    /// <summary>The loaders of the formats that are read, by libvips's class names.</summary>
    private static readonly string[] Loaders =
    [
        "VipsForeignLoadJpeg",
        "VipsForeignLoadPng",
        "VipsForeignLoadWebp",
        "VipsForeignLoadNsgif",
        "VipsForeignLoadHeif",
        "VipsForeignLoadTiff",
    ];

    /// <summary>Kept in a field: native code calls it as long as the process runs.</summary>
    private static readonly Log.LogDelegate IgnoreLog = (_, _, _) => { };

    public static void Configure(ConverterOptions options)
    {
        global::NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in Loaders)
        {
            Operation.Block(loader, false);
        }

        global::NetVips.NetVips.Concurrency = options.Threads;

        // Damaged input would fill the log with libvips's warnings. What matters is thrown as an exception.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, IgnoreLog);

        // Every request is another picture: cached operations would only take memory.
        Cache.Max = 0;
    }
}
