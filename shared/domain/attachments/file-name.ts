import type { AttachmentType } from "./kinds.ts";

/** Characters of a name with its extension. */
export const FILE_NAME_LENGTH_MAX = 100;

const EXTENSIONS: Readonly<Record<AttachmentType, { readonly extension: string; readonly unnamed: string }>> =
  {
    "image/jpeg": { extension: ".jpg", unnamed: "photo" },
    "image/png": { extension: ".png", unnamed: "photo" },
    "application/pdf": { extension: ".pdf", unnamed: "document" },
  };

/** What a file of a type is called where no name may stand, such as in an address: it tells the type alone. */
export function plainFileName(type: AttachmentType): string {
  const { extension, unnamed } = EXTENSIONS[type];
  return `${unnamed}${extension}`;
}

/**
 * A name as it is shown: without folders, controls, characters that turn the direction of writing or that
 * file systems give a meaning to, and with the one extension of its type.
 */
export function cleanFileName(name: string, type: AttachmentType): string {
  const { extension, unnamed } = EXTENSIONS[type];
  const base = name
    .toWellFormed()
    .normalize("NFC")
    .split(/[/\\]/)
    .at(-1)
    ?.replaceAll(/[\p{C}\u{FFFD}<>:"|?*]/gu, "")
    .replaceAll(/[\p{Z}\s]+/gu, " ")
    .replace(/(?:\.[A-Za-z0-9]{1,5})$/, "")
    .replaceAll(/^[. ]+|[. ]+$/g, "");
  const cut = (base ?? "").slice(0, FILE_NAME_LENGTH_MAX - extension.length).replace(/[\uD800-\uDBFF]$/, "");
  const kept = cut.replace(/[. ]+$/, "");
  return `${kept === "" ? unnamed : kept}${extension}`;
}
