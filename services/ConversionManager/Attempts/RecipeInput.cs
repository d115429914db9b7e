using System.Globalization;
using System.Net.Http.Headers;
using ImageEditor.ConversionManager.Jobs;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>The input of a job with a recipe: the picture, and the images that are parameters of its steps.</summary>
internal sealed class RecipeInput
{
    private const string PictureName = "image";

    private readonly IReadOnlyList<InputImage> _images;
    private ReadOnlyMemory<byte> _bytes;

    /// <param name="bytes">The input as it is stored.</param>
    /// <param name="images">Where the images in it are, the picture first.</param>
    /// <exception cref="InvalidDataException">They are not in it.</exception>
    public RecipeInput(ReadOnlyMemory<byte> bytes, IReadOnlyList<InputImage> images)
    {
        (_bytes, _images) = (bytes, images);
        if (images.Count == 0 || !images.All(image => image.IsInside(bytes.Length)))
        {
            throw new InvalidDataException("The images of the input are not where they should be.");
        }
    }

    /// <summary>The picture's media type.</summary>
    public string PictureType => _images[0].ContentType;

    /// <summary>What a step's converter is sent: a picture, or a form with the step's own images, too.</summary>
    /// <param name="step">The step, from 0; null for one that nobody asked for.</param>
    /// <param name="picture">The result of the step before; null for the first one.</param>
    public HttpContent CreateContent(int? step, HttpContent? picture)
    {
        picture ??= ContentOf(_images[0]);
        var prefix = step?.ToString(CultureInfo.InvariantCulture) + ".";
        var parameters = _images.Skip(1)
            .Where(image => step is not null && image.Name.StartsWith(prefix, StringComparison.Ordinal))
            .ToList();
        if (parameters.Count == 0)
        {
            return picture;
        }

        var form = new MultipartFormDataContent { { picture, PictureName, PictureName } };
        foreach (var image in parameters)
        {
            var name = image.Name[prefix.Length..];
            form.Add(ContentOf(image), name, name);
        }

        return form;
    }

    /// <summary>The picture is not needed any more. The memory is, where other images are in it.</summary>
    public void ForgetPicture() => _bytes = _images.Count == 1 ? default : _bytes;

    private ReadOnlyMemoryContent ContentOf(InputImage image)
    {
        var content = new ReadOnlyMemoryContent(_bytes.Slice(image.Offset, image.Length));
        content.Headers.ContentType = new MediaTypeHeaderValue(image.ContentType);
        return content;
    }
}
