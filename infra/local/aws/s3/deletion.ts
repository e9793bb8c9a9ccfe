import { awsError, isAwsError } from "../aws-error.ts";
import type { Bucket } from "./object-store.ts";
import { readContent } from "./request-content.ts";
import type { DeletedItem } from "./s3-answers.ts";
import { s3Error } from "./s3-error.ts";
import type { S3Request } from "./s3-request.ts";

/** One object that is to go: for good where a version is named, else behind a mark. */
export type DoomedObject = { readonly key: string; readonly versionId: string | undefined };

const OBJECTS_MAX = 1000;

/** Reads the body of a DeleteObjects; throws for one that S3 would not take. */
export function readDeletion({ headers, body }: S3Request): {
  readonly objects: readonly DoomedObject[];
  readonly quiet: boolean;
} {
  const { content, checksum } = readContent(headers, body);
  if (checksum === undefined)
    throw s3Error(
      "InvalidRequest",
      "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
    );
  const document = content.toString("utf8");
  const objects = [...document.matchAll(/<Object>(.*?)<\/Object>/gsu)].map(([, inner = ""]): DoomedObject => {
    const key = textIn(inner, "Key");
    if (key === undefined) throw malformed();
    return { key, versionId: textIn(inner, "VersionId") };
  });
  if (objects.length === 0 || objects.length > OBJECTS_MAX) throw malformed();
  return { objects, quiet: textIn(document, "Quiet") === "true" };
}

/** Deletes what `refusalOf` does not refuse, each object by itself. */
export function deletedItems(
  bucket: Bucket,
  objects: readonly DoomedObject[],
  refusalOf: (object: DoomedObject) => string | undefined,
): readonly DeletedItem[] {
  return objects.map((object): DeletedItem => {
    const { key, versionId } = object;
    const refusal = refusalOf(object);
    if (refusal !== undefined) return { ...object, error: awsError("AccessDeniedException", refusal) };
    if (versionId === undefined) return { ...object, markerVersionId: bucket.hide(key)?.versionId };
    try {
      const { wasMarker } = bucket.remove(key, versionId, false);
      return { ...object, markerVersionId: wasMarker ? versionId : undefined };
    } catch (error) {
      if (!isAwsError(error)) throw error;
      return { ...object, error };
    }
  });
}

function textIn(xml: string, name: string): string | undefined {
  const [, text] = new RegExp(`<${name}>([^<]*)</${name}>`, "u").exec(xml) ?? [];
  return text
    ?.replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll(/&(?:apos|#39|#x27);/gu, "'")
    .replaceAll("&amp;", "&");
}

function malformed(): Error {
  return s3Error(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our schema",
  );
}
