import type { components as Conversions } from './generated/conversion-manager';
import type { components as Jobs } from './generated/job-manager';
import type { components as Storage } from './generated/storage-manager';

/** A converter, as the server lists it. */
export type Converter = Conversions['schemas']['ConverterResponse'];
export type JobEvent = Jobs['schemas']['JobEvent'];
export type PendingJob = Jobs['schemas']['PendingJob'];
export type GalleryPage = Storage['schemas']['GalleryPage'];
export type GalleryItem = Storage['schemas']['GalleryItem'];
