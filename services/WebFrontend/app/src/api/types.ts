import type { components as Conversions } from './generated/conversion-manager';
import type { components as Jobs } from './generated/job-manager';

/** A converter, as the server lists it. */
export type Converter = Conversions['schemas']['ListedConverter'];
export type JobEvent = Jobs['schemas']['JobEvent'];
export type PendingJob = Jobs['schemas']['PendingJob'];
