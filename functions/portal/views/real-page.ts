import { html } from "#shared/domain/html.ts";
import { cardPage, type PageFrame } from "./layout.ts";
import { WORDS } from "./words.ts";

/** By what a text of the practice can be told from somebody else's. */
export interface RealFacts {
  /** The numbers that its texts come from, as phones show them. */
  readonly textNumbers: readonly string[];
  /** How every link in its texts begins: scheme, host and a slash. */
  readonly linkStart: string;
  /** Who its e-mails come from; null where it sends none. */
  readonly emailFrom: string | null;
}

/** Is this text real? A public page, the same for everybody. */
export function realPage(frame: PageFrame, { textNumbers, linkStart, emailFrom }: RealFacts): string {
  const words = WORDS[frame.language];
  const { name, phone } = frame.practice;
  const numbers =
    textNumbers.length === 0
      ? null
      : html`<dt>${words.realNumbers}</dt><dd>${textNumbers.map((number) => html`<span class="number">${number}</span> `)}</dd>
`;
  return cardPage(
    frame,
    html`<h1>${words.realTitle}</h1>
<p>${words.realIntro}</p>
<dl class="facts">
<dt>${words.realName}</dt><dd>${name}:</dd>
<dt>${words.realPhone}</dt><dd><span class="number">${phone}</span></dd>
${numbers}<dt>${words.realHost}</dt><dd>${linkStart}</dd>
${
  emailFrom === null
    ? null
    : html`<dt>${words.realEmail}</dt><dd>${emailFrom}</dd>
`
}</dl>
<h2>${words.realNeverTitle}</h2>
<ul class="plain"><li>${words.realNever1}</li><li>${words.realNever2}</li><li>${words.realNever3}</li></ul>
<h2>${words.realDoubtTitle}</h2>
<p>${words.realDoubt}</p>`,
  );
}
