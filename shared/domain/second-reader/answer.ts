import { CATEGORIES, type Category } from "../classification/categories.ts";

/** What the second reader says of a text. */
export type Answer = {
  readonly tier: 1 | 2 | 3;
  readonly category: Category;
  /** What it says it read; nothing unless it is found again in the text. */
  readonly quote: string;
};

const QUOTE_UNITS_MAX = 400;

function isTier(value: unknown): value is Answer["tier"] {
  return value === 1 || value === 2 || value === 3;
}

/**
 * The answer in a model's tool input, or undefined where there is none. Only the tier decides, so only the tier must be
 * right: a category that nobody knows is `other`, and a quote that is none is empty.
 */
export function readAnswer(input: unknown): Answer | undefined {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return undefined;
  const { tier, category, quote } = input as Readonly<Record<string, unknown>>;
  if (!isTier(tier)) return undefined;
  return {
    tier,
    category: CATEGORIES.find((known) => known === category) ?? "other",
    quote: typeof quote === "string" && quote.length <= QUOTE_UNITS_MAX && quote.isWellFormed() ? quote : "",
  };
}
