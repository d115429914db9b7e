/** How hard a password is to guess. */
export interface Strength {
  /** From 0 (guessed at once) to 4 (hardly guessed). */
  score: number;
  /** What would make it better; empty where there is nothing to say. */
  advice: string;
}

/** In code points. */
const MIN_LENGTH = 8;
/** In code points. */
const MAX_LENGTH = 256;
/** Characters that the server's estimate takes into account, too. */
const MAX_ESTIMATED_LENGTH = 100;

/** The password as the server hashes it: one device types an é as one character, another one as two. */
export function normalizePassword(typed: string): string {
  return typed.normalize('NFKC');
}

/** What is wrong with a new password's length, in a sentence; empty when nothing is. The server counts code points, too. */
export function lengthError(typed: string): string {
  const { length } = [...normalizePassword(typed)];
  return length < MIN_LENGTH || length > MAX_LENGTH ? `Choose a password of ${MIN_LENGTH} to ${MAX_LENGTH} characters.` : '';
}

type Estimate = (password: string, personalWords: string[]) => Strength;

let loading: Promise<Estimate> | undefined;

/** Loads the dictionaries. They are larger than the rest of the app, so only a new password loads them. */
export function loadEstimate(): Promise<Estimate> {
  loading ??= (async () => {
    const [{ ZxcvbnFactory }, common, english] = await Promise.all([
      import('@zxcvbn-ts/core'),
      import('@zxcvbn-ts/language-common'),
      import('@zxcvbn-ts/language-en'),
    ]);
    const zxcvbn = new ZxcvbnFactory({
      dictionary: { ...common.dictionary, ...english.dictionary },
      graphs: common.adjacencyGraphs,
      translations: english.translations,
    });
    return (password: string, personalWords: string[]) => {
      const { score, feedback } = zxcvbn.check(
        normalizePassword(password).slice(0, MAX_ESTIMATED_LENGTH), personalWords.map(normalizePassword));
      return { score, advice: feedback.warning ?? feedback.suggestions[0] ?? '' };
    };
  })();
  return loading;
}
