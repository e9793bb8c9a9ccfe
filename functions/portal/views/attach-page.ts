import { type Html, html } from "#shared/domain/html.ts";
import type { ShownAttachment } from "#shared/portal/shown.ts";
import { pendingList } from "./attachments.ts";
import type { PageFrame } from "./layout.ts";
import { sessionPage } from "./session-page.ts";
import { NEWEST } from "./thread-page.ts";
import { type TextName, WORDS, type Words } from "./words.ts";

/** Why a file was not taken. */
export type AttachProblem = "type" | "too-large" | "too-many" | "name";

/** What the page for adding files shows. */
export interface AttachModel {
  /** Uploaded, or about to be, and not sent yet. */
  readonly pending: readonly ShownAttachment[];
  /** The form of the bucket, where the first step is done: it is valid for a minute. */
  readonly upload: { readonly url: string; readonly fields: Readonly<Record<string, string>> } | null;
  readonly problem: AttachProblem | null;
}

const PROBLEMS: Readonly<Record<AttachProblem, TextName>> = {
  type: "fileType",
  "too-large": "fileTooLarge",
  "too-many": "fileTooMany",
  name: "fileNameProblem",
};

/** The first step: what kind of file it is. The server answers with a form that takes just that. */
function chooseForm(words: Words, linkPath: string, problem: Html | null): Html {
  const kind = (type: string, label: string, checked: boolean) =>
    html`<label class="choice"><input type="radio" name="contentType" value="${type}"${checked ? html` checked` : null} required><span>${label}</span></label>`;
  return html`<form method="post" action="${linkPath}/attachments?lang=${words.language}">
<fieldset><legend>${words.fileKind}</legend>
${kind("image/jpeg", words.fileJpeg, true)}
${kind("image/png", words.filePng, false)}
${kind("application/pdf", words.filePdf, false)}
</fieldset>
<div><label for="fileName">${words.fileName}</label><p class="hint" id="fileNameHint">${words.fileNameHint}</p><input id="fileName" name="fileName" type="text" maxlength="100" autocomplete="off" aria-describedby="${problem === null ? "" : "problem "}fileNameHint"></div>
<button class="wide" type="submit">${words.continue}</button>
</form>`;
}

/** The second step goes to the bucket itself; the browser sends nothing of ours along. */
function uploadForm(words: Words, { url, fields }: NonNullable<AttachModel["upload"]>): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form method="post" action="${url}" enctype="multipart/form-data">${hidden}
<div><label for="chosen">${words.fileChoose}</label><p class="hint" id="chosenHint">${words.fileMinute}</p><input id="chosen" name="file" type="file" accept="image/jpeg,image/png,application/pdf" aria-describedby="chosenHint" required></div>
<button class="wide" type="submit">${words.fileUpload}</button>
</form>`;
}

/** Adds files to the next reply, without script in two steps. */
export function attachPage(frame: PageFrame, model: AttachModel, linkPath: string): string {
  const words = WORDS[frame.language];
  const { pending, upload } = model;
  const query = `?lang=${frame.language}`;
  const problem =
    model.problem === null
      ? null
      : html`<p class="notice" role="alert" id="problem"><strong>${words[PROBLEMS[model.problem]]}</strong></p>
`;
  const list =
    pending.length === 0
      ? null
      : html`<section class="card"><h2>${words.filesToSend}</h2><form method="post" action="${linkPath}/attachments${query}">${pendingList(pending, words, linkPath)}</form>
<p class="more"><a class="touch" href="${linkPath}/attachments${query}">${words.checkFiles}</a></p></section>
`;
  return sessionPage(
    frame,
    html`<main class="talk">
<p class="back"><a class="touch" href="${linkPath}/thread${query}#${NEWEST}">${words.toMessages}</a></p>
<h1>${words.attachTitle}</h1>
<p>${words.attachMeans}</p>
${list}<section class="card"><h2>${upload === null ? words.attachStep1 : words.attachStep2}</h2>
${problem}${upload === null ? chooseForm(words, linkPath, problem) : uploadForm(words, upload)}</section>
</main>`,
    { linkPath, underName: null },
  );
}
