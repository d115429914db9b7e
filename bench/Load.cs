using System.Diagnostics;
using ImageEditor.Testing.Images;
using NetVips;

namespace ImageEditor.Bench;

/// <summary>Eight clients that convert one picture again and again.</summary>
internal static class Load
{
    private const int Clients = 8;

    /// <summary>A photo of any size, as a JPEG.</summary>
    public static byte[] Picture(int width, int height)
    {
        using var photo = Image.NewFromBuffer(Photos.Read("seeding_by_Clements_Engelhardt.jpg"));
        using var picture = photo.ThumbnailImage(width, height: height, crop: Enums.Interesting.Centre);
        return picture.JpegsaveBuffer(q: 85);
    }

    /// <summary>How many conversions a second there are while so many are made.</summary>
    public static async Task<double> RateAsync(byte[] picture, int count, Func<byte[], Task> convert)
    {
        var left = count;
        var clock = Stopwatch.StartNew();
        await EachAsync(() => Interlocked.Decrement(ref left) >= 0, picture, convert);
        return count / clock.Elapsed.TotalSeconds;
    }

    /// <summary>How many conversions are made in a time, and at which rate.</summary>
    public static async Task<(int Count, double Rate)> ForAsync(TimeSpan time, byte[] picture, Func<byte[], Task> convert)
    {
        var count = 0;
        var clock = Stopwatch.StartNew();
        await EachAsync(() => clock.Elapsed < time, picture, async one =>
        {
            await convert(one);
            Interlocked.Increment(ref count);
        });
        return (count, count / clock.Elapsed.TotalSeconds);
    }

    private static Task EachAsync(Func<bool> goesOn, byte[] picture, Func<byte[], Task> convert) =>
        Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            while (goesOn())
            {
                await convert(picture);
            }
        }));
}
