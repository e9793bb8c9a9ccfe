import { inspectJpeg } from "./jpeg.ts";
import { ATTACHMENT_BYTES_MAX, type AttachmentType, type Inspection, refuse } from "./kinds.ts";
import { inspectPdf } from "./pdf.ts";
import { inspectPng } from "./png.ts";
import { sniff } from "./sniff.ts";

const INSPECTORS: Readonly<Record<AttachmentType, (bytes: Uint8Array) => Inspection>> = {
  "image/jpeg": inspectJpeg,
  "image/png": inspectPng,
  "application/pdf": inspectPdf,
};

/**
 * Looks into a file that was declared to be of `declared`: what comes of it may be shown, and of a photo nothing
 * but the picture is left. Never throws, whatever the bytes are, takes time in proportion to them, and memory of a few
 * megabytes besides them.
 */
export function inspect(bytes: Uint8Array, declared: AttachmentType): Inspection {
  if (bytes.length === 0) return refuse("empty");
  if (bytes.length > ATTACHMENT_BYTES_MAX) return refuse("wrong-size");
  const type = sniff(bytes);
  if (type === undefined) return refuse("unknown-type");
  return type === declared ? INSPECTORS[type](bytes) : refuse("other-type");
}
