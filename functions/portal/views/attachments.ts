import { type Html, html } from "#shared/domain/html.ts";
import type { ShownAttachment } from "#shared/portal/shown.ts";
import { ICONS } from "./icons.ts";
import type { Words } from "./words.ts";

const KILOBYTE = 1024;
const MEGABYTE = KILOBYTE * KILOBYTE;
/** Larger photos are fetched only when somebody asks for them: the network may be bad. */
const SHOWN_PHOTO_BYTES_MAX = MEGABYTE;

/** A size as people read it. */
export function fileSize(bytes: number, locale: string): string {
  const large = bytes >= MEGABYTE;
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: large ? 1 : 0 });
  return large
    ? `${number.format(bytes / MEGABYTE)} MB`
    : `${number.format(Math.max(1, Math.ceil(bytes / KILOBYTE)))} KB`;
}

/** What is said of a file that cannot be opened yet, or ever; null for one that can. */
export function stateWords({ state }: Pick<ShownAttachment, "state">, words: Words): string | null {
  switch (state) {
    case "waiting":
      return words.fileWaiting;
    case "checking":
      return words.fileChecking;
    case "refused":
      return words.fileRefused;
    case "ready":
      return null;
    default:
      return state satisfies never;
  }
}

function row(attachment: ShownAttachment, words: Words, linkPath: string): Html {
  const { id, name, kind, sizeBytes } = attachment;
  const state = stateWords(attachment, words);
  const about = html`<span class="about"><span class="file" dir="auto">${name}</span><small>${kind === "photo" ? words.photo : words.pdf}, ${fileSize(sizeBytes, words.locale)}${state === null ? null : html` · ${state}`}</small></span>`;
  const sign = kind === "photo" ? ICONS.photo : ICONS.pdf;
  if (state !== null) return html`<li class="item">${sign}${about}</li>`;
  const address = `${linkPath}/attachments/${id}`;
  const seen =
    kind === "photo" && sizeBytes <= SHOWN_PHOTO_BYTES_MAX
      ? html`<img class="photo" src="${address}" alt="" loading="lazy" decoding="async">`
      : null;
  return html`<li><a class="item" href="${address}" rel="noreferrer">${seen}${sign}${about}</a></li>`;
}

/** The files of a message. */
export function attachmentList(
  attachments: readonly ShownAttachment[],
  words: Words,
  linkPath: string,
): Html | null {
  if (attachments.length === 0) return null;
  return html`<ul class="files" aria-label="${words.files}">${attachments.map((each) => row(each, words, linkPath))}</ul>`;
}

/** What the script makes the row of a new file from. */
export function pendingTemplate(words: Words): Html {
  return html`<template id="newFile"><li class="item" data-state="uploading"><span class="about"><span class="file" dir="auto"></span><small role="status">${words.uploading}</small></span><button class="mini" type="submit" formaction="" formnovalidate aria-label="${words.remove}">${ICONS.leave}</button><progress max="1" value="0" aria-label="${words.uploading}"></progress></li></template>`;
}

/** Files that go with the next reply; each can be taken back. */
export function pendingList(pending: readonly ShownAttachment[], words: Words, linkPath: string): Html {
  const items = pending.map((each) => {
    const { id, name, kind, sizeBytes, state } = each;
    const said = stateWords(each, words);
    // Before a file is there, its size is only what may come at most.
    const size = state === "waiting" ? null : html`${fileSize(sizeBytes, words.locale)} · `;
    // What has not arrived yet, or was refused, cannot be sent; the rest goes with the reply.
    const sent =
      state === "ready" || state === "checking"
        ? html`<input type="hidden" name="attachments" value="${id}">`
        : null;
    return html`<li class="item" data-file="${id}" data-state="${state}">${kind === "photo" ? ICONS.photo : ICONS.pdf}<span class="about"><span class="file" dir="auto">${name}</span><small>${size}${said ?? words.fileReady}</small></span>${sent}<button class="mini" type="submit" formaction="${linkPath}/attachments/${id}/removal?lang=${words.language}" formnovalidate aria-label="${words.remove} ${name}">${ICONS.leave}</button></li>`;
  });
  return html`<ul class="files pending" id="pending" aria-label="${words.filesToSend}">${items}</ul>`;
}
