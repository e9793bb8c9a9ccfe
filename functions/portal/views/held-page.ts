import { html } from "#shared/domain/html.ts";
import { FIRST_WORDS } from "./first-words.ts";
import { cardPage, type PageFrame } from "./layout.ts";

/** Contact details were changed within a day: what needs the highest proof waits (24 hours). */
export function heldPage(frame: PageFrame): string {
  const words = FIRST_WORDS[frame.language];
  return cardPage(
    frame,
    html`<h1>${words.heldTitle}</h1>
<p>${words.heldHelp}</p>`,
  );
}
