/** What the page says, in words. */

/**
 * Says how a job stands.
 * @param {{state: string, queuePosition?: number|null, progress?: number|null}} job as the API has it, or with a state of the page's own
 * @returns {string} one sentence
 */
export function describeJob(job) {
  switch (job.state) {
    case 'sending':
      return 'Sending the picture…';
    case 'unreachable':
      return 'The server is busy or out of reach. Trying again…';
    case 'queued':
      return job.queuePosition > 1 ? `Waiting: number ${job.queuePosition} in the queue.` : 'Waiting: next in the queue.';
    case 'running':
      return typeof job.progress === 'number' ? `Converting: ${Math.floor(job.progress * 100)} %.` : 'Converting…';
    default:
      return 'Working…';
  }
}

/**
 * Names a downloaded result after the original and the converter.
 * @param {string} original the file name of the picture, such as "cat.png"
 * @param {string} converter such as "contrast"
 * @param {string} type the result's media type
 * @returns {string} such as "cat-contrast.png"
 */
export function resultName(original, converter, type) {
  const extensions = { 'image/jpeg': 'jpg', 'image/tiff': 'tif' };
  const base = original.replace(/\.[^.]*$/, '') || 'picture';
  return `${base}-${converter}.${extensions[type] ?? type.replace(/^image\//, '')}`;
}

/**
 * Writes a size for people.
 * @param {number} bytes
 * @returns {string} such as "1.4 MB"
 */
export function describeBytes(bytes) {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/**
 * Turns what a converter found into pairs to show.
 * @param {string|null} json the header X-Result-Info
 * @returns {[string, string][]} empty where there is nothing to show
 */
export function describeFindings(json) {
  try {
    const findings = JSON.parse(json ?? 'null');
    const pairs = findings && typeof findings === 'object' ? Object.entries(findings) : [];
    return pairs.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
  } catch {
    // Findings are an extra: a result is shown without them.
    return [];
  }
}
