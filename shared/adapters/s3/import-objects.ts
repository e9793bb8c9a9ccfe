import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ImportObjects } from "../../imports/ports.ts";
import { importKey } from "./import-keys.ts";
import { forgetVersions } from "./object-versions.ts";

/** The bucket of imports for the one function that works through them. */
export function createImportObjects(client: S3Client, bucket: string): ImportObjects {
  return {
    async read(id, bytesMax, version) {
      try {
        const { Body, ContentLength, VersionId } = await client.send(
          new GetObjectCommand({
            Bucket: bucket,
            Key: importKey(id),
            ...(version === null ? {} : { VersionId: version }),
          }),
        );
        if (Body === undefined || VersionId === undefined)
          throw new Error("the object store gave no content");
        if (ContentLength === undefined || ContentLength > bytesMax) {
          // What is not read would keep its connection.
          (Body as { destroy?: () => void }).destroy?.();
          return "too-large";
        }
        return { bytes: await Body.transformToByteArray(), version: VersionId };
      } catch (error) {
        const name = error instanceof Error ? error.name : "";
        if (name === "NoSuchKey" || name === "NoSuchVersion") return "absent";
        throw error;
      }
    },
    forget: (id) => forgetVersions(client, bucket, importKey(id)),
  };
}
