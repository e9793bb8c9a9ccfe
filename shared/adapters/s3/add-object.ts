import { PutObjectCommand, type PutObjectCommandInput, type S3Client } from "@aws-sdk/client-s3";

/** So often a conditional put is tried where another one of the same key is under way. */
const PUTS_MAX = 3;

/** Puts an object where there is none, and says so where there is one (S3's conditional write). */
export async function addObject(
  client: S3Client,
  input: Omit<PutObjectCommandInput, "IfNoneMatch">,
): Promise<"added" | "exists"> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.send(new PutObjectCommand({ ...input, IfNoneMatch: "*" }));
      return "added";
    } catch (error) {
      const name = error instanceof Error ? error.name : "";
      if (name === "PreconditionFailed") return "exists";
      // S3 asks to repeat it; the SDK does not do so by itself.
      if (name !== "ConditionalRequestConflict" || attempt === PUTS_MAX) throw error;
    }
  }
}
