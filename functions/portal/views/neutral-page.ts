import { html } from "#shared/domain/html.ts";
import { cardPage, type PageFrame } from "./layout.ts";
import { WORDS } from "./words.ts";

/** The year first or last, or eight digits: what the server understands, so that no try is lost. */
const BIRTH_DATE_PATTERN =
  "\\s*(\\d{4}-\\d{1,2}-\\d{1,2}|\\d{1,2}[\\/.\\-]\\d{1,2}[\\/.\\-]\\d{4}|\\d{8})\\s*";

/** Forms post to this fragment: only a browser that has posted shows the notice (see `tried` in style). */
export const TRIED = "tried";

/**
 * The page that every link shows first, and, byte for byte, the one answer to every proof that did
 * not work. It depends on nothing but the practice and the language. Its notice is shown by the
 * fragment of the address that the form posts to, which no server sees. The field is not required:
 * a link to administrative messages opens without it.
 */
export function neutralPage(frame: PageFrame): string {
  const words = WORDS[frame.language];
  const notice = html`<div class="notice tried" role="alert" id="${TRIED}" tabindex="-1"><p><strong>${words.failedTitle}</strong></p><p>${words.failedHelp}</p></div>
`;
  return cardPage(
    frame,
    html`<h1>${words.confirmTitle}</h1>
${notice}<p>${words.confirmIntro}</p>
<form method="post" action="#${TRIED}">
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
