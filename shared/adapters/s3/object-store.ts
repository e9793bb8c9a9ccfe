import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";

/** So often a conditional put is tried where another one of the same key is under way. */
const PUTS_MAX = 3;

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
    async add(key: string, content: string | Uint8Array, type: string): Promise<"added" | "exists"> {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await client.send(new PutObjectCommand({ ...putting(key, content, type), IfNoneMatch: "*" }));
          return "added";
        } catch (error) {
          const name = error instanceof Error ? error.name : "";
          if (name === "PreconditionFailed") return "exists";
          // S3 asks to repeat it; the SDK does not do so by itself.
          if (name !== "ConditionalRequestConflict" || attempt === PUTS_MAX) throw error;
        }
      }
    },
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
