/** How hard a password is to guess. */
export interface Strength {
  /** From 0 (guessed at once) to 4 (hardly guessed). */
  score: number;
  /** What would make it better; empty where there is nothing to say. */
  advice: string;
}

/** Characters that the server's estimate takes into account, too. */
const MAX_ESTIMATED_LENGTH = 100;

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
      const { score, feedback } = zxcvbn.check(password.slice(0, MAX_ESTIMATED_LENGTH), personalWords);
      return { score, advice: feedback.warning ?? feedback.suggestions[0] ?? '' };
    };
  })();
  return loading;
}
