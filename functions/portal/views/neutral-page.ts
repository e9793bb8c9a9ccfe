import { html } from "#shared/domain/html.ts";
import { FIRST_WORDS } from "./first-words.ts";
import { cardPage, type PageFrame, realLink } from "./layout.ts";

/** Forms post to this fragment: only a browser that has posted shows the notice (see `tried` in style). */
export const TRIED = "tried";

/**
 * The page must not hold its own token, so its forms can post to nothing but its own address; this
 * field names the route that they mean.
 */
export const MEANT_ROUTE = { field: "route", newLink: "new-link", wrongPerson: "wrong-person" } as const;

/**
 * The page that every link shows first, and, byte for byte, the one answer to every proof that did
 * not work. It depends on nothing but the practice and the language. Its notice is shown by the
 * fragment of the address that the form posts to, which no server sees. No field is required: a
 * link to administrative messages opens without one. "I am not this person" takes a tick first; the route asks for none.
 */
export function neutralPage(frame: PageFrame): string {
  const words = FIRST_WORDS[frame.language];
  const { field, newLink, wrongPerson } = MEANT_ROUTE;
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
<input id="birthDate" name="birthDate" type="text" inputmode="numeric" autocomplete="bday" maxlength="40" aria-describedby="birthDateHint" enterkeyhint="go">
</div>
<button class="wide" type="submit">${words.continue}</button>
</form>
<p class="quiet">${words.neverAsked}</p>
<div class="folds">
<details><summary>${words.usePin}</summary>
<form method="post" action="#${TRIED}">
<div>
<label for="pin">${words.pin}</label>
<p class="hint" id="pinHint">${words.pinHint}</p>
<input class="code" id="pin" name="pin" type="password" inputmode="numeric" autocomplete="current-password" maxlength="12" pattern="\\s*\\d{6,8}\\s*" title="${words.pinFormat}" aria-describedby="pinHint" enterkeyhint="go" required>
</div>
<button class="wide" type="submit">${words.continueWithPin}</button>
</form>
</details>
<details><summary>${words.linkHelp}</summary>
<form method="post" action="">
<p>${words.newLinkMeans}</p>
<button class="wide second" type="submit" name="${field}" value="${newLink}">${words.newLink}</button>
</form>
</details>
<details><summary>${words.notYours}</summary>
<form method="post" action="">
<p>${words.wrongPersonMeans}</p>
<label class="tick"><input type="checkbox" name="sure" value="yes" autocomplete="off" required><span>${words.wrongPersonSure}</span></label>
<button class="wide second" type="submit" name="${field}" value="${wrongPerson}">${words.wrongPerson}</button>
</form>
</details>
</div>
<p class="quiet">${realLink(frame.language)}</p>`,
  );
}
