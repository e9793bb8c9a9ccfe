/**
 * Number of what the second reader is asked and how it must answer: this file, instructions.ts and answer.ts. It stands
 * in every receipt, so it is raised whenever a word of them changes; test/unit/second-reader holds them together.
 */
export const QUESTION_VERSION = 1;

/**
 * A text as the user's turn. JSON marks where the text begins and ends: nothing in a text can end a JSON string, so
 * nothing in it can look like what comes before or after.
 */
export function questionAbout(text: string, direction: "outbound" | "inbound"): string {
  return JSON.stringify({ direction, text });
}
