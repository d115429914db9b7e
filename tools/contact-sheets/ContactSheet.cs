using System.Text.Json;
using ImageEditor.Testing.Images;
using ImageEditor.Testing.Systems;
using NetVips;

namespace ImageEditor.Tools.ContactSheets;

/// <summary>A sheet of pictures for each converter, for people to look at: the inputs beside the results.</summary>
internal static class ContactSheet
{
    /// <summary>Pixels of a sheet's cell.</summary>
    private const int CellWidth = 360;
    private const int CellHeight = 270;

    /// <summary>Pixels of the longest side of an input. Converters whose effect only shows at the size of single pixels get less.</summary>
    private const int MaxInputSide = 640;

    private static readonly string[] PhotosWithoutPeople =
    [
        "chelsea.png",
        "coffee.png",
        "rocket.jpg",
        "flower.png.im_q85_420_progr.jpg",
        "hdr_room.png",
        "seeding_by_Clements_Engelhardt.jpg",
        "tmshre_riaphotographs_alpha.png",
    ];

    private static readonly string[] PhotosOfPeople = ["astronaut.png", "grace_hopper.jpg"];

    /// <summary>The parameters that a sheet shows. A converter that is missing here is shown with its defaults.</summary>
    private static readonly Dictionary<string, string[]> Queries = new()
    {
        ["upscale"] = ["scale=2", "scale=4"],
        ["denoise"] = ["level=0", "level=2", "level=3"],
        ["remove-background"] = ["", "background=color&color=%231e90ff", "background=blur"],
        ["blur-faces"] = ["strength=0", "strength=100"],
        ["pixelate"] = ["size=8", "size=32"],
        ["contrast"] = ["amount=-50", "amount=50"],
        ["deepdream"] = ["", "octaves=6", "strength=90"],
        ["crop"] = ["ratio=1:1", "ratio=16:9&place=top", "ratio=3:4&place=smart"],
        ["rotate"] = ["angle=90", "angle=-12", "angle=12&fit=expand&background=transparent"],
        ["resize"] = ["percent=10", "width=300&height=300&mode=fill", "width=300&height=200&mode=exact"],
        ["adjust"] =
        [
            "exposure=1", "shadows=80&highlights=-60", "contrast=40", "temperature=70", "temperature=-70", "tint=70", "saturation=70",
        ],
        ["auto-enhance"] = ["", "strength=50"],
        ["sharpen"] = ["", "amount=250&radius=2", "amount=300&radius=10"],
        ["blur"] = ["", "radius=1", "radius=30"],
        ["sepia"] = ["", "strength=50"],
        ["vignette"] = ["", "strength=30", "strength=100"],
        ["watermark"] =
        [
            "text=%C2%A9%20Sample", "text=Sample&place=centre&size=80&opacity=30",
            "text=%3Cb%3E%20%26&color=%23ff0000&place=top-left&opacity=100",
        ],
        ["compress"] = ["format=jpeg&size=10", "best=true&size=10", "format=webp&quality=40"],
    };

    /// <param name="folder">Where the sheets go, a PNG for each converter.</param>
    /// <param name="only">One converter's name; null for all.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task CreateAllAsync(string folder, string? only, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await using var app = await ImageEditorApp.StartAsync(allConverters: true, cancellationToken: cancellationToken);
        using var client = app.CreateClient();
        using var listed = JsonDocument.Parse(
            await client.Http.GetStringAsync(new Uri("/api/converters", UriKind.Relative), cancellationToken));
        var names = listed.RootElement.EnumerateArray().Select(converter => converter.GetProperty("name").GetString()!);
        foreach (var name in names.Where(name => name != "slow" && (only ?? name) == name))
        {
            using var converter = app.CreateConverterClient(name);
            converter.Timeout = Timeout.InfiniteTimeSpan;
            var queries = Queries.GetValueOrDefault(name, [""]);
            var cells = new List<Image>();
            var needsPeople = name is "remove-background" or "blur-faces";
            foreach (var photo in needsPeople ? [.. PhotosOfPeople, .. PhotosWithoutPeople] : PhotosWithoutPeople)
            {
                var input = CreateInput(name, photo);
                cells.Add(Cell(input));
                foreach (var query in queries)
                {
                    using var content = new ByteArrayContent(input);
                    using var response = await converter.PostAsync(
                        new Uri("convert?" + query, UriKind.Relative), content, cancellationToken);
                    var result = await response.Content.ReadAsByteArrayAsync(cancellationToken);
                    if (!response.IsSuccessStatusCode)
                    {
                        throw new InvalidOperationException($"{name} {query} {photo}: {System.Text.Encoding.UTF8.GetString(result)}");
                    }

                    cells.Add(Cell(result));
                }
            }

            using var sheet = Image.Arrayjoin([.. cells], across: queries.Length + 1, shim: 4, background: [255]);
            var file = Path.Combine(folder, name + ".png");
            sheet.Pngsave(file);
            Console.WriteLine(
                $"{file}: the input, then {string.Join(", ", queries.Select(query => query.Length == 0 ? "the defaults" : query))}");
            cells.ForEach(cell => cell.Dispose());
        }
    }

    /// <summary>A photo in a size at which the sheet shows the effect of the converter.</summary>
    private static byte[] CreateInput(string name, string photo)
    {
        using var small = Image.Thumbnail(Photos.PathOf(photo), MaxInputSide, height: MaxInputSide, size: Enums.Size.Down);
        using var memory = small.CopyMemory();
        switch (name)
        {
            case "upscale":
                // A quarter of the cell: ×4 fills it.
                using (var detail = memory.Crop((memory.Width - CellWidth) / 2, (memory.Height - CellHeight) / 2, CellWidth, CellHeight))
                using (var quarter = detail.Resize(0.25))
                {
                    return quarter.PngsaveBuffer();
                }

            case "denoise":
                const int width = CellWidth / 2;
                const int height = CellHeight / 2;
                using (var detail = memory.Crop((memory.Width - width) / 2, (memory.Height - height) / 2, width, height))
                using (var opaque = detail.HasAlpha() ? detail.Flatten(background: [255]) : detail.Copy())
                {
                    return opaque.JpegsaveBuffer(q: 30);
                }

            default:
                return memory.PngsaveBuffer();
        }
    }

    /// <summary>
    /// A picture as large as a cell holds, transparency as a chequered ground; small ones are enlarged without smoothing.
    /// </summary>
    private static Image Cell(byte[] file)
    {
        using var image = Image.NewFromBuffer(file);
        using var srgb = image.Colourspace(Enums.Interpretation.Srgb);
        using var opaque = srgb.HasAlpha() ? OnChequers(srgb) : srgb.Copy();
        var scale = Math.Min((double)CellWidth / opaque.Width, (double)CellHeight / opaque.Height);
        using var fitting = opaque.Resize(scale, kernel: scale > 1 ? Enums.Kernel.Nearest : Enums.Kernel.Lanczos3);
        using var cell = fitting.Gravity(Enums.CompassDirection.Centre, CellWidth, CellHeight, extend: Enums.Extend.White);
        return cell.CopyMemory();
    }

    private static Image OnChequers(Image image)
    {
        const int square = 8;
        using var places = Image.Xyz(image.Width, image.Height) / square;
        using var floors = places.Floor();
        using var odd = (floors[0] + floors[1]) % 2;
        using var grey = odd.Linear([40], [190]);
        using var ground = grey.Bandjoin([grey, grey]).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        using var composite = ground.Composite2(image, Enums.BlendMode.Over);
        return composite.ExtractBand(0, n: 3).Cast(Enums.BandFormat.Uchar);
    }
}
