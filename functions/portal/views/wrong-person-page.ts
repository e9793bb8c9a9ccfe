import { html } from "#shared/domain/html.ts";
import { cardPage, type PageFrame } from "./layout.ts";
import { WORDS } from "./words.ts";

/** The answer to everybody who says that a text was not meant for them, whatever becomes of it. */
export function wrongPersonDonePage(frame: PageFrame): string {
  const words = WORDS[frame.language];
  return cardPage(
    frame,
    html`<h1>${words.wrongPersonTitle}</h1>
<p>${words.wrongPersonHelp}</p>
<p class="quiet">${words.wrongPersonDelete}</p>
<p>${words.wrongPersonMistake}</p>`,
  );
}
