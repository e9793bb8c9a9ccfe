import { html } from "#shared/domain/html.ts";
import { cardPage, type PageFrame } from "./layout.ts";
import { WORDS } from "./words.ts";

/** The answer to everybody who asks for a new link, whatever becomes of it. */
export function newLinkPage(frame: PageFrame): string {
  const words = WORDS[frame.language];
  return cardPage(
    frame,
    html`<h1>${words.newLinkTitle}</h1>
<p>${words.newLinkHelp}</p>
<p class="quiet">${words.newLinkNone}</p>`,
  );
}
