import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { addObject } from "./add-object.ts";

/** Objects of one bucket. What they are encrypted with, and how long they are kept, the bucket says. */
export function createObjectStore(client: S3Client, bucket: string) {
  const putting = (key: string, content: string | Uint8Array, type: string) => ({
    Bucket: bucket,
    Key: key,
    Body: content,
    ContentType: type,
  });
  return {
    /** Puts an object where there is none, and says so where there is one (S3's conditional write). */
    add: (key: string, content: string | Uint8Array, type: string): Promise<"added" | "exists"> =>
      addObject(client, putting(key, content, type)),
    /** Puts an object; one that is there already becomes an older version. */
    async put(key: string, content: string | Uint8Array, type: string): Promise<void> {
      await client.send(new PutObjectCommand(putting(key, content, type)));
    },
    /** The content of an object; throws where there is none. */
    async get(key: string): Promise<Uint8Array> {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (Body === undefined) throw new Error("the object store gave no content");
      return Body.transformToByteArray();
    },
  };
}
