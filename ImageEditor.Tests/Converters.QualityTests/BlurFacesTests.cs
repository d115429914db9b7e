using System.Diagnostics;
using ImageEditor.Converters.BlurFaces;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.QualityTests.Support;
using NetVips;

namespace ImageEditor.Converters.QualityTests;

public sealed class BlurFacesTests
{
    /// <summary>Milliseconds.</summary>
    private static readonly int[] Delays = [100, 100, 100];

    [Theory]
    [InlineData("astronaut.png", 180, 70, 75, 90)]
    [InlineData("grace_hopper.jpg", 180, 140, 170, 170)]
    public async Task BlurFaces_Portrait_LosesTheFaceAndNothingElse(string name, int left, int top, int width, int height)
    {
        using var photo = Photo.Open(name);
        await using var converter = await InProcessConverter.StartAsync(
            (conversion, models) => FaceBlur.Apply(conversion, models, 0, [], []));

        var (result, info) = await converter.ConvertAsync(photo);

        Assert.Equal(1, (int)info["faces"]!);
        using var before = photo.Crop(left, top, width, height);
        using var after = result.Crop(left, top, width, height);
        Assert.InRange(Measure.Detail(after), 0, 0.1 * Measure.Detail(before));

        // The lowest quarter is clothes.
        var quarter = photo.Height / 4;
        using var clothes = photo.Crop(0, photo.Height - quarter, photo.Width, quarter);
        using var clothesAfter = result.Crop(0, photo.Height - quarter, photo.Width, quarter);
        Assert.Equal(0, Measure.Largest(clothes, clothesAfter));
    }

    [Fact]
    public async Task BlurFaces_SmallFacesInALargePicture_AreAllFound()
    {
        using var meadow = Photo.Open("seeding_by_Clements_Engelhardt.jpg");
        using var canvas = meadow.Crop(0, 0, 3000, 2000);
        using var one = Photo.Open("astronaut.png").Resize(0.5);
        using var other = Photo.Open("grace_hopper.jpg").Resize(0.3);
        using var first = canvas.Insert(one, 1500, 900);
        using var second = first.Insert(other, 200, 1600);
        using var group = second.Insert(other, 2700, 40);
        await using var converter = await InProcessConverter.StartAsync(
            (conversion, models) => FaceBlur.Apply(conversion, models, 50, [], []));

        var (_, info) = await converter.ConvertAsync(group);

        Assert.Equal(3, (int)info["faces"]!);
    }

    /// <summary>Turned by hand, by a camera that did not say so, or in a crowd.</summary>
    [Theory]
    [InlineData("astronaut.png", 222, 122, 40)]
    [InlineData("astronaut.png", 222, 122, 90)]
    [InlineData("astronaut.png", 222, 122, 135)]
    [InlineData("astronaut.png", 222, 122, 180)]
    [InlineData("astronaut.png", 222, 122, 250)]
    [InlineData("grace_hopper.jpg", 265, 225, 90)]
    [InlineData("grace_hopper.jpg", 265, 225, 135)]
    [InlineData("grace_hopper.jpg", 265, 225, 180)]
    [InlineData("grace_hopper.jpg", 265, 225, 315)]
    public async Task BlurFaces_Turned_LosesTheFace(string name, int x, int y, int degrees)
    {
        using var photo = Photo.Open(name);
        using var turned = Turned(photo, degrees);
        await using var converter = await InProcessConverter.StartAsync(
            (conversion, models) => FaceBlur.Apply(conversion, models, 0, [], []));

        var (result, info) = await converter.ConvertAsync(turned);

        Assert.Equal(1, (int)info["faces"]!);
        var found = info["boxes"]!.AsArray().Single()!;
        Assert.InRange((double)found["score"]!, 0.8, 1);
        var (faceX, faceY) = AfterTurning(photo, turned, degrees, x, y);
        var box = found["box"]!.AsArray().Select(value => (int)value!).ToArray();
        Assert.InRange(faceX, box[0], box[0] + box[2]);
        Assert.InRange(faceY, box[1], box[1] + box[3]);
        using var before = turned.Crop((int)faceX - 35, (int)faceY - 35, 70, 70);
        using var after = result.Crop((int)faceX - 35, (int)faceY - 35, 70, 70);
        Assert.InRange(Measure.Detail(after), 0, 0.15 * Measure.Detail(before));
    }

    /// <summary>What was erased with an eraser that only makes it transparent.</summary>
    [Fact]
    public async Task BlurFaces_FaceUnderFullTransparency_IsNotInTheFile()
    {
        using var photo = Photo.Open("astronaut.png");
        using var visible = (Image.Xyz(photo.Width, photo.Height)[1] > 256.0).Cast(Enums.BandFormat.Uchar);
        using var erased = photo.Bandjoin(visible);
        await using var converter = await InProcessConverter.StartAsync(
            (conversion, models) => FaceBlur.Apply(conversion, models, 0, [], []));

        var (result, _) = await converter.ConvertAsync(erased);

        using var upper = result.Crop(0, 0, photo.Width, 240).ExtractBand(0, n: 3);
        Assert.Equal(0, upper.Max());
    }

    [Fact]
    public async Task BlurFaces_BoxToAdd_IsBlurredWhole()
    {
        using var photo = Photo.Open("coffee.png");
        await using var converter = await InProcessConverter.StartAsync(
            (conversion, models) => FaceBlur.Apply(conversion, models, 0, [new Box(200, 100, 160, 120)], []));

        var (result, info) = await converter.ConvertAsync(photo);

        Assert.Null(info["notice"]);
        foreach (var (left, top) in ((int, int)[])[(200, 100), (330, 100), (200, 190), (330, 190)])
        {
            using var before = photo.Crop(left, top, 30, 30);
            using var after = result.Crop(left, top, 30, 30);
            Assert.InRange(Measure.Detail(after), 0, 0.5 * Measure.Detail(before));
        }

        using var above = photo.Crop(0, 0, photo.Width, 80);
        using var aboveAfter = result.Crop(0, 0, photo.Width, 80);
        Assert.Equal(0, Measure.Largest(above, aboveAfter));
    }

    /// <summary>Boxes on one another were computed anew for each that lay above: two hundred took a minute and gigabytes.</summary>
    [Fact]
    public async Task BlurFaces_AsManyBoxesAsThereMayBeOnOnePlace_AreBlurredSoon()
    {
        using var photo = Photo.Open("coffee.png");
        var boxes = Enumerable.Repeat(new Box(50, 50, 200, 200), 199).Append(new Box(0, 0, photo.Width, photo.Height)).ToList();
        await using var converter = await InProcessConverter.StartAsync(
            (conversion, models) => FaceBlur.Apply(conversion, models, 0, boxes, []));
        var start = Stopwatch.GetTimestamp();

        var (result, _) = await converter.ConvertAsync(photo);

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.InRange(Measure.Detail(result), 0, 0.2 * Measure.Detail(photo));
    }

    [Fact]
    public async Task BlurFaces_BoxToLeave_KeepsThatFaceAndTellsIt()
    {
        using var photo = Photo.Open("astronaut.png");
        await using var converter = await InProcessConverter.StartAsync(
            (conversion, models) => FaceBlur.Apply(conversion, models, 0, [], [new Box(190, 80, 70, 90)]));

        var (result, info) = await converter.ConvertAsync(photo);

        Assert.Equal(0, Measure.Largest(result, photo));
        Assert.Equal(0, (int)info["faces"]!);
        Assert.True((bool)info["boxes"]![0]!["left"]!);
        Assert.Null(info["notice"]);
    }

    /// <summary>What is blurred of one reaches over nearly half of the other: leaving one left both.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task BlurFaces_BoxToLeaveOfTwoCheekToCheek_LeavesThatFaceAlone(int which)
    {
        using var photo = Photo.Open("astronaut.png");
        using var left = photo.Crop(0, 0, 254, photo.Height);
        using var right = photo.Crop(190, 0, photo.Width - 190, photo.Height);
        using var pair = left.Join(right, Enums.Direction.Horizontal);
        (int X, int Y)[] middles = [(222, 122), (286, 122)];
        IReadOnlyList<Box> leave = [];
        await using var converter = await InProcessConverter.StartAsync(
            (conversion, models) => FaceBlur.Apply(conversion, models, 0, [], leave));
        var (_, found) = await converter.ConvertAsync(pair);
        var boxes = found["boxes"]!.AsArray()
            .Select(each => each!["box"]!.AsArray().Select(value => (int)value!).ToArray()).OrderBy(box => box[0]).ToList();
        Assert.True(boxes.Count == 2, found.ToJsonString());
        Assert.InRange(boxes[0][0] + boxes[0][2] - boxes[1][0], 0.4 * boxes[0][2], boxes[0][2]);

        leave = [new Box(boxes[which][0], boxes[which][1], boxes[which][2], boxes[which][3])];
        var (result, info) = await converter.ConvertAsync(pair);

        Assert.Equal(1, (int)info["faces"]!);
        var told = Assert.Single(info["boxes"]!.AsArray(), each => each!["left"] is not null)!;
        Assert.Equal(boxes[which], told["box"]!.AsArray().Select(value => (int)value!));
        var other = middles[1 - which];
        using var before = pair.Crop(other.X - 20, other.Y - 20, 40, 40);
        using var after = result.Crop(other.X - 20, other.Y - 20, 40, 40);
        Assert.InRange(Measure.Detail(after), 0, 0.15 * Measure.Detail(before));
    }

    /// <summary>Each frame for itself: the face moves, and is turned in one of them.</summary>
    [Fact]
    public async Task BlurFaces_Animation_TreatsEveryFrame()
    {
        using var photo = Photo.Open("astronaut.png");
        using var first = photo.Crop(60, 0, 320, 320);
        using var second = photo.Crop(110, 20, 320, 320);
        using var third = first.Rot180();
        using var joined = Image.Arrayjoin([first, second, third], across: 1);
        using var animation = joined.Mutate(image =>
        {
            image.Set(GValue.GIntType, "page-height", 320);
            image.Set(GValue.ArrayIntType, "delay", Delays);
        });
        await using var converter = await InProcessConverter.StartAsync(
            (conversion, models) => FaceBlur.Apply(conversion, models, 0, [], []));

        var (file, info) = await converter.ConvertFileAsync(animation.WebpsaveBuffer(lossless: true));

        Assert.Equal(1, (int)info["faces"]!);
        Assert.Equal([0, 1, 2], info["boxes"]!.AsArray().Select(found => (int)found!["frame"]!));
        using var result = Image.WebploadBuffer(file, n: -1).CopyMemory();
        foreach (var (left, top) in ((int, int)[])[(130, 85), (80, 320 + 65), (320 - 130 - 65, 640 + 320 - 85 - 75)])
        {
            using var before = joined.Crop(left, top, 65, 75);
            using var after = result.Crop(left, top, 65, 75);
            Assert.InRange(Measure.Detail(after), 0, 0.15 * Measure.Detail(before));
        }
    }

    [Theory]
    [InlineData("rocket.jpg")]
    [InlineData("coffee.png")]
    [InlineData("chelsea.png")]
    [InlineData("hdr_room.png")]
    [InlineData("flower.png.im_q85_420_progr.jpg")]
    [InlineData("seeding_by_Clements_Engelhardt.jpg")]
    public async Task BlurFaces_NobodyThere_ChangesNothing(string name)
    {
        using var photo = Photo.Open(name);
        await using var converter = await InProcessConverter.StartAsync(
            (conversion, models) => FaceBlur.Apply(conversion, models, 100, [], []));

        var (result, info) = await converter.ConvertAsync(photo);

        Assert.Equal(0, (int)info["faces"]!);
        Assert.StartsWith("No face was found", (string)info["notice"]!, StringComparison.Ordinal);
        Assert.Equal(0, Measure.Largest(result, photo));
    }

    private static Image Turned(Image photo, int degrees)
    {
        using var turned = photo.Similarity(angle: degrees, background: [120, 120, 120]);
        return turned.CopyMemory();
    }

    /// <summary>Where a point of a photo is once that was turned around its middle, and the result made large enough.</summary>
    private static (double X, double Y) AfterTurning(Image photo, Image turned, int degrees, double x, double y)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var (right, down) = (x - photo.Width / 2.0, y - photo.Height / 2.0);
        return (turned.Width / 2.0 + right * cos - down * sin, turned.Height / 2.0 + right * sin + down * cos);
    }
}
