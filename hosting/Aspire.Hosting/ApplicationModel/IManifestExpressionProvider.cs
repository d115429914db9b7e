namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something that a manifest refers to by an expression such as <c>{password.value}</c>.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The expression, in braces.</summary>
    string ValueExpression { get; }
}
