using System.Text;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.Jobs;
using ImageEditor.ConversionManager.Saves;
using ImageEditor.ConversionManager.Submissions;

namespace ImageEditor.ConversionManager.Tests.Submissions;

public sealed class JobInputTests
{
    private static readonly NamedImage Primary = new(NamedImage.PrimaryName, Photos.Read("coffee.png"));
    private static readonly NamedImage Style = new("stylePicture", Photos.Read("rocket.jpg"));

    [Fact]
    public void Create_OfOneImage_IsTheImage()
    {
        var input = Create(Primary);

        Assert.Equal(Primary.Bytes, input.Body);
        Assert.Equal("image/png", input.ContentType);
        Assert.Equal([new InputImage("image", "image/png", 0, Primary.Bytes.Length, 600, 400)], input.Images);
    }

    [Fact]
    public void Create_OfSeveralImages_SaysWhatEachIsAndWhereInTheForm()
    {
        var input = Create(Primary, Style);

        Assert.Equal(
            [("image", "image/png", 600, 400), ("stylePicture", "image/jpeg", 640, 427)],
            input.Images.Select(image => (image.Name, image.ContentType, image.Width, image.Height)));
        Assert.All(
            input.Images.Zip([Primary, Style]),
            pair => Assert.Equal(pair.Second.Bytes.ToArray(), input.Body.Slice(pair.First.Offset, pair.First.Length).ToArray()));
    }

    /// <remarks>
    /// The body is part of what an Idempotency-Key stands for: another body would make another job of a repeated request.
    /// </remarks>
    [Fact]
    public void Create_OfSeveralImages_IsTheFormThatItAlwaysWas()
    {
        var info = ImageInspector.Inspect(Primary.Bytes.Span).Info!;

        var input = JobInput.Create(
            [(new NamedImage("image", "image"u8.ToArray()), info), (new NamedImage("other", "other"u8.ToArray()), info)]);

        const string Boundary = "eb8603eef586939ee2b56ff1385c0eb385cc4d90d69dfe6572dd99f58454f8d7";
        Assert.Equal($"multipart/form-data; boundary={Boundary}", input.ContentType);
        Assert.Equal(
            $"--{Boundary}\r\nContent-Disposition: form-data; name=\"image\"; filename=\"image\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\nimage\r\n"
            + $"--{Boundary}\r\nContent-Disposition: form-data; name=\"other\"; filename=\"other\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\nother\r\n"
            + $"--{Boundary}--\r\n",
            Encoding.ASCII.GetString(input.Body.Span));
    }

    [Theory, InlineData(1), InlineData(2)]
    public void Measure_OfAnInputOfTheReleaseBefore_FindsTheConvertedImage(int images)
    {
        var input = Create([.. new[] { Primary, Style }.Take(images)]);

        var original = UnmeasuredImage.Measure(input.Body, input.ContentType)!;

        Assert.Equal(Primary.Bytes.ToArray(), original.Bytes.ToArray());
        Assert.Equal(("image/png", 600, 400), (original.ContentType, original.Width, original.Height));
    }

    [Fact]
    public void Measure_OfNoImage_IsNothing() => Assert.Null(UnmeasuredImage.Measure("no image"u8.ToArray(), "image/png"));

    private static JobInput Create(params NamedImage[] images) =>
        JobInput.Create([.. images.Select(image => (image, ImageInspector.Inspect(image.Bytes.Span).Info!))]);
}
