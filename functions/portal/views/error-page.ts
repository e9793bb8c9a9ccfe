import { html } from "#shared/domain/html.ts";
import { FIRST_WORDS } from "./first-words.ts";
import { cardPage, type PageFrame } from "./layout.ts";

/** A request that cannot be served; depends on nothing but its status, whatever the link. */
export function errorPage(frame: PageFrame, status: number): string {
  const words = FIRST_WORDS[frame.language];
  const titles: Readonly<Record<number, string>> = {
    403: words.error403,
    404: words.error404,
    413: words.error413,
    415: words.error415,
  };
  return cardPage(
    frame,
    html`<h1>${titles[status] ?? words.errorTitle}</h1>
<p>${words.errorHelp}</p>`,
  );
}
