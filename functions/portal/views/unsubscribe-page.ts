import { html } from "#shared/domain/html.ts";
import { ONE_CLICK } from "../form.ts";
import { cardPage, type PageFrame } from "./layout.ts";
import { WORDS } from "./words.ts";

/** Asks once more before e-mails end: links of mails are opened by scanners too. The same for every link. */
export function unsubscribePage(frame: PageFrame): string {
  const words = WORDS[frame.language];
  return cardPage(
    frame,
    html`<h1>${words.unsubscribeTitle}</h1>
<p>${words.unsubscribeMeans}</p>
<form method="post" action="?lang=${frame.language}">
<button class="wide" type="submit" name="${ONE_CLICK.name}" value="${ONE_CLICK.value}">${words.unsubscribe}</button>
</form>`,
  );
}

/** Answers every request to unsubscribe, whether the link is one or not. */
export function unsubscribedPage(frame: PageFrame): string {
  const words = WORDS[frame.language];
  return cardPage(
    frame,
    html`<h1>${words.unsubscribedTitle}</h1>
<p>${words.unsubscribedHelp}</p>`,
  );
}
