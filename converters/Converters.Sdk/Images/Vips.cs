using ImageEditor.Converters.Settings;
using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>How libvips is set up in a process that decodes what strangers send.</summary>
internal static class Vips
{
    /// <summary>The loaders of the formats that are read, by libvips's class names.</summary>
    private static readonly string[] Loaders =
        ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif", "VipsForeignLoadHeif", "VipsForeignLoadTiff"];

    public static void Prepare(ConverterOptions options)
    {
        global::NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in Loaders)
        {
            Operation.Block(loader, false);
        }

        global::NetVips.NetVips.Concurrency = options.Threads;

        // Every request is another picture: remembered operations would only hold memory.
        Cache.Max = 0;
    }
}
