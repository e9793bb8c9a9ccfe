import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { AttachmentObjects } from "../../attachments/objects.ts";
import { addObject } from "./add-object.ts";
import { checkedKey, incomingKey } from "./attachment-keys.ts";
import { forgetVersions, versionsOf } from "./object-versions.ts";

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

/** The attachments bucket for the one function that looks into files. What encrypts them, the bucket says. */
export function createAttachmentObjects(client: S3Client, bucket: string): AttachmentObjects {
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
      for await (const { objects } of versionsOf(client, bucket, checkedKey(id))) {
        const latest = objects.find(({ IsLatest }) => IsLatest === true);
        if (latest !== undefined) return latest.Size;
      }
      return undefined;
    },
    forgetIncoming: (id) => forgetVersions(client, bucket, incomingKey(id)),
    forgetKept: (id) => forgetVersions(client, bucket, checkedKey(id)),
  };
}
