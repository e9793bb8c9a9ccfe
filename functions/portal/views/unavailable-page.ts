import { html } from "#shared/domain/html.ts";
import { FIRST_WORDS } from "./first-words.ts";
import { cardPage, type PageFrame } from "./layout.ts";

/** What is shown while something of ours does not work; says nothing about what was asked for. */
export function unavailablePage(frame: PageFrame): string {
  const words = FIRST_WORDS[frame.language];
  return cardPage(
    frame,
    html`<h1>${words.unavailableTitle}</h1>
<p>${words.unavailableHelp}</p>`,
  );
}
