import { s3Error } from "./s3-error.ts";

/** A form by which a browser uploads a file. */
export type UploadForm = {
  /** The fields before the file, by their names in small letters. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: Buffer;
};

/** What may stand before the file, in bytes. */
const FIELDS_BYTES_MAX = 20 * 1024;
const LINE_END = "\r\n";

/**
 * Takes a body of the type `multipart/form-data` apart. What comes after the file is not read, as on AWS; throws S3's errors
 * for a body that is none.
 */
export function readUploadForm(contentType: string, body: Buffer): UploadForm {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/iu.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (!/^multipart\/form-data\b/iu.test(contentType) || boundary === undefined)
    throw s3Error("PreconditionFailed", "Bucket POST must be of the enclosure-type multipart/form-data");
  const fields = new Map<string, string>();
  const delimiter = `${LINE_END}--${boundary}`;
  // The first delimiter may stand at the very beginning, without a line end before it.
  let at =
    body.subarray(0, delimiter.length - 2).toString("latin1") === delimiter.slice(2)
      ? -2
      : body.indexOf(delimiter);
  while (at !== -1) {
    const head = at + delimiter.length + LINE_END.length;
    const headEnd = body.indexOf(LINE_END + LINE_END, head - LINE_END.length);
    if (headEnd === -1) break;
    const { name, filename } = readDisposition(body.subarray(head, headEnd).toString("utf8"));
    const start = headEnd + 2 * LINE_END.length;
    const end = body.indexOf(delimiter, start);
    if (end === -1 || name === undefined) break;
    const content = body.subarray(start, end);
    if (name === "file") return { fields: withFilename(fields, filename ?? ""), file: content };
    if (start > FIELDS_BYTES_MAX)
      throw s3Error(
        "MaxPostPreDataLengthExceeded",
        "Your POST request fields preceding the upload file were too large.",
      );
    fields.set(name, content.toString("utf8"));
    at = end;
  }
  if (at === -1 || body.subarray(at).toString("latin1").startsWith(`${delimiter}--`))
    throw s3Error("InvalidArgument", "POST requires exactly one file upload per request.");
  throw s3Error(
    "MalformedPOSTRequest",
    "The body of your POST request is not well-formed multipart/form-data.",
  );
}

function readDisposition(head: string): {
  readonly name: string | undefined;
  readonly filename: string | undefined;
} {
  const disposition = /^content-disposition:(.*)$/imu.exec(head)?.[1] ?? "";
  const parameter = (name: string) => new RegExp(`;\\s*${name}="([^"]*)"`, "iu").exec(disposition)?.[1];
  return { name: parameter("name")?.toLowerCase(), filename: parameter("filename") };
}

/** Browsers may send a whole path; its last part is the name. */
function withFilename(fields: ReadonlyMap<string, string>, filename: string): ReadonlyMap<string, string> {
  const name = filename.split(/[/\\]/u).at(-1) ?? "";
  return new Map([...fields].map(([field, value]) => [field, value.replaceAll("${filename}", () => name)]));
}
