import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { AttachmentObjects } from "../../attachments/objects.ts";
import { addObject } from "./add-object.ts";
import { checkedKey, incomingKey } from "./attachment-keys.ts";

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

/** The attachments bucket for the one function that looks into files. What encrypts them, the bucket says. */
export function createAttachmentObjects(client: S3Client, bucket: string): AttachmentObjects {
  async function* versionsOf(key: string) {
    let after: Pick<ListObjectVersionsCommandOutput, "NextKeyMarker" | "NextVersionIdMarker"> = {};
    for (;;) {
      const page: ListObjectVersionsCommandOutput = await client.send(
        new ListObjectVersionsCommand({
          Bucket: bucket,
          Prefix: key,
          KeyMarker: after.NextKeyMarker,
          VersionIdMarker: after.NextVersionIdMarker,
        }),
      );
      yield {
        objects: (page.Versions ?? []).filter((version) => version.Key === key),
        marks: (page.DeleteMarkers ?? []).filter((mark) => mark.Key === key),
      };
      if (page.IsTruncated !== true) return;
      after = page;
    }
  }

  async function forget(key: string): Promise<void> {
    for await (const { objects, marks } of versionsOf(key)) {
      const gone = [...objects, ...marks].map(({ VersionId }) => ({ Key: key, VersionId }));
      if (gone.length === 0) continue;
      const { Errors } = await client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: gone, Quiet: true } }),
      );
      if (Errors !== undefined && Errors.length > 0) throw new Error("a version could not be deleted");
    }
  }

  return {
    async incoming(id, bytesMax) {
      try {
        const { Body, ContentLength } = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: incomingKey(id) }),
        );
        if (Body === undefined) throw new Error("the object store gave no content");
        if (ContentLength === undefined || ContentLength > bytesMax) {
          // What is not read would keep its connection.
          (Body as { destroy?: () => void }).destroy?.();
          return "too-large";
        }
        return await Body.transformToByteArray();
      } catch (error) {
        if (nameOf(error) === "NoSuchKey") return "absent";
        throw error;
      }
    },
    async keep(id, content, type) {
      await addObject(client, { Bucket: bucket, Key: checkedKey(id), Body: content, ContentType: type });
    },
    async keptBytes(id) {
      for await (const { objects } of versionsOf(checkedKey(id))) {
        const latest = objects.find(({ IsLatest }) => IsLatest === true);
        if (latest !== undefined) return latest.Size;
      }
      return undefined;
    },
    forgetIncoming: (id) => forget(incomingKey(id)),
    forgetKept: (id) => forget(checkedKey(id)),
  };
}
