import type { Converter } from '../http/types';

/** A converter's title; made from its name when the converter is no longer listed. */
export function converterTitle(converters: Converter[] | undefined, name: string): string {
  return converters?.find((converter) => converter.name === name)?.title
    ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
}
