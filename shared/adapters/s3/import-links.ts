import { S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { IMPORT_BYTES_MAX, UPLOAD_SECONDS } from "../../domain/imports/kinds.ts";
import type { SignImport } from "../../imports/ports.ts";
import { importKey } from "./import-keys.ts";

/**
 * Signs forms for uploads: one key, at most so many bytes, encryption under the contact key. Brings its client with it, so
 * that only who signs something loads S3.
 */
export function createSignImport({
  bucket,
  keyArn,
}: {
  readonly bucket: string;
  readonly keyArn: string;
}): SignImport {
  const client = new S3Client();
  return (id) =>
    createPresignedPost(client, {
      Bucket: bucket,
      Key: importKey(id),
      Fields: {
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id": keyArn,
        success_action_status: "204",
      },
      Conditions: [["content-length-range", 0, IMPORT_BYTES_MAX]],
      Expires: UPLOAD_SECONDS,
    });
}
