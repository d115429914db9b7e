namespace ImageEditor.ConversionManager.Attempts;

/// <summary>A picture between two steps could not be written to its file: the disk is full, for one.</summary>
internal sealed class StepNotStoredException(Exception cause) : Exception("A picture between two steps could not be stored.", cause);
