// Settings come from the environment, by the names that every converter has (docs/converters.md).
import os from 'node:os';

const megabyte = 1 << 20;
const address = process.env.ASPNETCORE_URLS ? new URL(process.env.ASPNETCORE_URLS.split(';')[0].replace('//+', '//0.0.0.0').replace('//*', '//0.0.0.0')) : null;

export const settings = {
  host: address?.hostname ?? '127.0.0.1',
  port: Number(process.env.PORT || address?.port || 8080),
  concurrentRequests: number('ConcurrentRequests', Math.min(8, Math.max(4, os.cpus().length))),
  timeLimit: milliseconds('TimeLimit', '00:01:00'),
  maxInputBytes: number('MaxInputBytes', 64 * megabyte),
  maxResultBytes: number('MaxResultBytes', 64 * megabyte),
  maxStepBytes: number('MaxStepBytes', 256_000_000),
  maxPixels: number('MaxPixels', 50_000_000),
  maxSide: number('MaxSide', 16_383),
  maxFrames: number('MaxFrames', 300),
};

function number(name, otherwise) {
  const text = process.env[`Converter__${name}`];
  const value = text ? Number(text) : otherwise;
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`The setting Converter__${name} must be a whole number above 0; it is '${text}'.`);
  }

  return value;
}

/** Of "hours:minutes:seconds". */
function milliseconds(name, otherwise) {
  const text = process.env[`Converter__${name}`] || otherwise;
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d)$/.exec(text) ?? [];
  if (!hours) {
    throw new Error(`The setting Converter__${name} must be a time such as 00:01:00; it is '${text}'.`);
  }

  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
