namespace Aspire.Hosting.ApplicationModel;

/// <summary>What adding an annotation does to those of its type that are there.</summary>
public enum ResourceAnnotationMutationBehavior
{
    /// <summary>They stay.</summary>
    Append,

    /// <summary>They are replaced.</summary>
    Replace,
}
