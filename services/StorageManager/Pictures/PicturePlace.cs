using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.StorageManager.Pictures;

/// <summary>Where the images of one upload are. The id is random and new for each upload, so that no place is ever used twice or by two.</summary>
/// <param name="Owner">Whose picture it is.</param>
/// <param name="Job">The job that made it.</param>
/// <param name="Id">The upload's id, and the picture's when it becomes one.</param>
internal sealed record PicturePlace(Owner Owner, JobId Job, Guid Id)
{
    /// <summary>The key of one of its images: <c>{owner}/{job}/{id}/{kind}</c>. Made from typed parts only, so that nothing in it can lead elsewhere.</summary>
    public string Key(ImageKind kind) => $"{Owner}/{Job}/{Id:N}/{kind.Name()}";
}
