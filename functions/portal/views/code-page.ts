import { html } from "#shared/domain/html.ts";
import type { CodeState } from "#shared/portal/want-code.ts";
import { FIRST_WORDS } from "./first-words.ts";
import { cardPage, type PageFrame } from "./layout.ts";
import { TRIED } from "./neutral-page.ts";

/**
 * Asks for the six digits that were texted, and whose device this is, and says of the code no more than is
 * known: whether texts may come is not, so that everybody reads what holds where they were stopped. Whoever does not say whose device it is is not remembered.
 */
export function codePage(frame: PageFrame, state: CodeState): string {
  const words = FIRST_WORDS[frame.language];
  const failed = state === "wrong";
  const calm = (text: string) => html`<p class="notice calm" role="status">${text}</p>`;
  const told = {
    asked: html`<p>${words.codeIntro}</p>`,
    sent: calm(words.codeSent),
    spent: calm(words.codesSpent),
    wrong: html`<div class="notice" role="alert" id="codeProblem"><p><strong>${words.codeWrongTitle}</strong></p><p>${words.codeWrongHelp}</p></div>`,
  };
  const wrong = failed
    ? html` aria-invalid="true" aria-describedby="codeProblem codeHint"`
    : html` aria-describedby="codeHint"`;
  return cardPage(
    frame,
    html`<h1>${words.codeTitle}</h1>
${told[state]}
<form method="post" action="#${TRIED}" autocomplete="off">
<div>
<label for="code">${words.code}</label>
<p class="hint" id="codeHint">${words.codeHint}</p>
<input class="code" id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="12" pattern="\\s*(\\d\\s*){6}" title="${words.codeFormat}"${wrong} enterkeyhint="go" required autofocus>
</div>
<fieldset>
<legend>${words.deviceQuestion}</legend>
<label class="choice"><input type="radio" name="device" value="own"><span>${words.deviceOwn}<small>${words.deviceOwnMeans}</small></span></label>
<label class="choice"><input type="radio" name="device" value="shared"><span>${words.deviceShared}<small>${words.deviceSharedMeans}</small></span></label>
</fieldset>
<button class="wide" type="submit">${words.continue}</button>
</form>
<form class="rule" method="post" action="#${TRIED}">
<p>${words.noCode}</p>
<button class="wide second" type="submit" name="newCode" value="1">${words.newCode}</button>
<p>${words.textsStopped}</p>
</form>
<p class="quiet"><a class="touch" href="?lang=${frame.language}">${words.startOver}</a></p>`,
  );
}
