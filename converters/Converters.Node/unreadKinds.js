// What is said of whole files of kinds that are not read, in words that go after "The TIFF file"; ConversionManager says the same on submission
// (ImageEditor.ServiceDefaults/Pictures/UnreadKinds.cs).
export const damaged = 'ends too early or is damaged: it could not be decoded to its last pixel. Export the picture again and send the new file.';
export const ofSizes = 'has pages of different sizes, which cannot be converted together. Send each page as a file of its own.';
export const ofPages = 'has pages of different kinds (bits, channels or colours), which cannot be converted together. Send each page as a file of its own.';
export const ofCompression = 'is compressed in a way that is not read here. Save it anew with another compression, such as LZW or Deflate.';
export const ofJpegProcess = 'is of a rare kind of JPEG (lossless, hierarchical or arithmetic-coded), which is not read here. Save it as a usual JPEG.';
export const ofJpegDepth = 'has other than 8 bits per sample, which are not read in a JPEG. Save it as a JPEG of 8 bits, or as a PNG or TIFF of 16.';
export const ofDepth = 'has a number of bits per sample that is not read here; 8 and 16 are. Save it with one of these.';
export const ofLayout = 'stores its colours in a way that is not read here. Save it as grey, RGB or CMYK of 8 or 16 bits.';
export const ofFeature = 'uses a feature of its format that is not read here. Save it anew, as a plain picture of 8 bits.';
export const ofSize = 'takes more memory or more parts to decode than are given to one picture. Save it anew, as a plain picture.';
