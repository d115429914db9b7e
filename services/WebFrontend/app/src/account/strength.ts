/** How hard a password is to guess, from 0 (at once) to 4 (hardly). */
export interface Strength {
  score: number;
  /** What would make it better; empty where there is nothing to say. */
  advice: string;
}

/** The server's estimate looks no further either. */
const ESTIMATED = 100;

type Estimate = (password: string, own: string[]) => Strength;

let loading: Promise<Estimate> | undefined;

/** Loads the dictionaries, which are larger than the rest of the app: only where somebody types a new password. */
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
    return (password: string, own: string[]) => {
      const { score, feedback } = zxcvbn.check(password.slice(0, ESTIMATED), own);
      return { score, advice: feedback.warning ?? feedback.suggestions[0] ?? '' };
    };
  })();
  return loading;
}
