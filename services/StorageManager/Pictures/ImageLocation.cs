using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.StorageManager.Pictures;

/// <summary>Where the images of one upload are. The id is random and new for each upload, so that no location is ever used twice.</summary>
/// <param name="Owner">The picture's owner.</param>
/// <param name="Job">The job that made it.</param>
/// <param name="Id">The upload's id, and the picture's when it becomes one.</param>
internal sealed record ImageLocation(Owner Owner, JobId Job, Guid Id)
{
    /// <summary>
    /// The key of an image: <c>{owner}/{job}/{id}/{kind}</c>. It is made from typed parts only, so that no path leads outside.
    /// </summary>
    public string Key(ImageKind kind) => $"{Owner}/{Job}/{Id:N}/{kind.Name()}";
}
