/** How the command is used. */
export const USAGE = "usage: npm run eval -- [--errors] [--metamorphic[=CASES]] [--no-peers]";

const METAMORPHIC_CASES = 1_000_000;

/** What `npm run eval` is asked for. */
export type EvaluationOptions = {
  /** Whether to list every error. */
  readonly errors: boolean;
  /** How many metamorphic cases to run; none where undefined. */
  readonly metamorphicCases: number | undefined;
  /** Whether to ask the peers too. */
  readonly peers: boolean;
};

/** Reads the command line; undefined where something on it is not understood. */
export function readOptions(words: readonly string[]): EvaluationOptions | undefined {
  let options: EvaluationOptions = { errors: false, metamorphicCases: undefined, peers: true };
  for (const word of words) {
    const cases = /^--metamorphic=([1-9]\d{0,8})$/.exec(word)?.[1];
    if (word === "--errors") options = { ...options, errors: true };
    else if (word === "--no-peers") options = { ...options, peers: false };
    else if (word === "--metamorphic") options = { ...options, metamorphicCases: METAMORPHIC_CASES };
    else if (cases !== undefined) options = { ...options, metamorphicCases: Number(cases) };
    else return undefined;
  }
  return options;
}
