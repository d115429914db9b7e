using System.Collections.Concurrent;

namespace ImageEditor.Testing.Images;

/// <summary>Files that many tests send, each made once. They are shared: tests must not change them.</summary>
public static class FileCache
{
    private static readonly ConcurrentDictionary<object, Lazy<byte[]>> Files = new();

    /// <param name="key">All that the file depends on.</param>
    /// <param name="make">Makes it.</param>
    public static byte[] GetOrCreate(object key, Func<byte[]> make) => Files.GetOrAdd(key, _ => new Lazy<byte[]>(make)).Value;
}
