// Chunks of a PNG (W3C, third edition).
import { crc32, deflateSync } from 'node:zlib';

export const signatureBytes = 8;

/** A PNG with an ICC profile put into it: sharp keeps one that is there, and takes none from memory. */
export function withProfile(png, profile) {
  // After the signature and the header.
  const at = signatureBytes + 25;
  return Buffer.concat([png.subarray(0, at), chunk('iCCP', packed(profile)), png.subarray(at)]);
}

/** A profile as the data of an iCCP chunk. */
export const packed = profile => Buffer.concat([Buffer.from('profile\0\0', 'latin1'), deflateSync(profile, { level: 1 })]);

export function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
