namespace ImageEditor.ServiceDefaults.Telemetry.Redaction;

/// <summary>
/// A type of message in OTLP's schema: which of its fields are texts, and which are messages. Other fields contain no text.
/// </summary>
/// <param name="texts">Numbers of the fields that are texts, or bytes that may be a text.</param>
internal sealed class OtlpMessage(params int[] texts)
{
    private readonly Dictionary<int, OtlpMessage> _messages = [];

    /// <summary>Adds a field that is a message.</summary>
    /// <returns>This message.</returns>
    public OtlpMessage With(int field, OtlpMessage message)
    {
        _messages.Add(field, message);
        return this;
    }

    /// <summary>Masks every text of a message in place. No length changes, so that the rest stays as it is.</summary>
    /// <param name="bytes">The message in the encoding of protocol buffers.</param>
    /// <param name="sensitive">Masks a text.</param>
    /// <exception cref="InvalidDataException">The bytes are no message of this type.</exception>
    public void Mask(Span<byte> bytes, SensitiveText sensitive)
    {
        while (bytes.Length > 0)
        {
            var tag = ReadNumber(ref bytes);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    ReadNumber(ref bytes);
                    break;
                case 1:
                    Take(ref bytes, sizeof(ulong));
                    break;
                case 2:
                    var value = Take(ref bytes, ReadNumber(ref bytes));
                    if (_messages.TryGetValue(field, out var message))
                    {
                        message.Mask(value, sensitive);
                    }
                    else if (texts.Contains(field))
                    {
                        sensitive.Mask(value);
                    }

                    break;
                case 5:
                    Take(ref bytes, sizeof(uint));
                    break;
                default:
                    throw CreateInvalidMessage();
            }
        }
    }

    private static Span<byte> Take(ref Span<byte> bytes, ulong length)
    {
        if (length > (ulong)bytes.Length)
        {
            throw CreateInvalidMessage();
        }

        var taken = bytes[..(int)length];
        bytes = bytes[(int)length..];
        return taken;
    }

    /// <summary>Reads a number: seven bits in each byte, the lowest first; the eighth bit is set when another byte follows.</summary>
    private static ulong ReadNumber(ref Span<byte> bytes)
    {
        var number = 0ul;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(ref bytes, 1)[0];
            number |= (next & 0x7Ful) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }

        throw CreateInvalidMessage();
    }

    private static InvalidDataException CreateInvalidMessage() =>
        new("Telemetry is not in the expected encoding, and cannot be redacted; it is not sent.");
}
