import { html } from "./html.ts";
import { cardPage, type PageFrame } from "./layout.ts";
import { WORDS } from "./words.ts";

/** The year first or last, or eight digits: what the server understands, so that no try is lost. */
const BIRTH_DATE_PATTERN =
  "\\s*(\\d{4}-\\d{1,2}-\\d{1,2}|\\d{1,2}[\\/.\\-]\\d{1,2}[\\/.\\-]\\d{4}|\\d{8})\\s*";

/**
 * The page that every link shows first, and, with `failed`, the one answer to every proof that did
 * not work. It depends on nothing but the practice and the language. The field is not required: a
 * link to administrative messages opens without it.
 */
export function neutralPage(frame: PageFrame, { failed }: { readonly failed: boolean }): string {
  const words = WORDS[frame.language];
  const notice = html`<div class="notice" role="alert" id="problem"><p><strong>${words.failedTitle}</strong></p><p>${words.failedHelp}</p></div>
`;
  return cardPage(
    frame,
    html`<h1>${words.confirmTitle}</h1>
${failed ? notice : null}<p>${words.confirmIntro}</p>
<form method="post">
<div>
<label for="birthDate">${words.birthDate}</label>
<p class="hint" id="birthDateHint">${words.birthDateHint}</p>
<input id="birthDate" name="birthDate" type="text" inputmode="numeric" autocomplete="bday" maxlength="20" pattern="${BIRTH_DATE_PATTERN}" title="${words.birthDateFormat}" aria-describedby="birthDateHint" enterkeyhint="go">
</div>
<button class="wide" type="submit">${words.continue}</button>
</form>
<p class="quiet">${words.neverAsked}</p>
<p class="quiet">${words.notYours}</p>`,
  );
}
