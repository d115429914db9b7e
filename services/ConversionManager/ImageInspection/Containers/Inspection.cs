using System.Diagnostics.CodeAnalysis;
using ImageEditor.ServiceDefaults.Pictures;

namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>The result of inspecting a container: either what it says about its picture, or why it is refused.</summary>
public sealed class Inspection
{
    private Inspection(ImageInfo? info, ImageRefusal? refusal) => (Info, Refusal) = (info, refusal);

    /// <summary>What the container says; null when it is refused.</summary>
    public ImageInfo? Info { get; }

    /// <summary>Why it is refused; null when it is not.</summary>
    public ImageRefusal? Refusal { get; }

    /// <summary>Whether there is an <see cref="Info"/>, and so no <see cref="Refusal"/>.</summary>
    [MemberNotNullWhen(true, nameof(Info))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Info is not null;

    internal static Inspection Accepted(ImageInfo info) => new(info, null);

    internal static Inspection Refused(ImageRefusal refusal) => new(null, refusal);

    /// <summary>Refuses a whole file of a kind that no converter reads.</summary>
    /// <param name="format">The format by its magic bytes.</param>
    /// <param name="kind">One of <see cref="UnreadKinds"/>, or words like them.</param>
    internal static Inspection Unread(ImageFormat format, string kind) => Refused(ImageRefusal.NotReadable(format, kind));

    /// <summary>Refuses a damaged file of a known format.</summary>
    internal static Inspection Damaged(ImageFormat format, string damage) => Refused(ImageRefusal.NotDecodable(format, damage));
}
