import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { LINK_SECONDS, type SignDownload, type SignUpload } from "../../attachments/ports.ts";
import { plainFileName } from "../../domain/attachments/file-name.ts";
import { checkedKey, incomingKey } from "./attachment-keys.ts";

/** The attachments bucket as those see it who let browsers in. */
export interface AttachmentBucket {
  readonly bucket: string;
  /** ARN of the key that every upload must be encrypted under. */
  readonly keyArn: string;
}

function createSignUpload(client: S3Client, { bucket, keyArn }: AttachmentBucket): SignUpload {
  return async ({ id, type, bytesMax }) => {
    const fields = {
      "Content-Type": type,
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": keyArn,
      // The page stays, and goes on by itself or by its own button.
      success_action_status: "204",
    };
    return createPresignedPost(client, {
      Bucket: bucket,
      Key: incomingKey(id),
      Fields: fields,
      Conditions: [["content-length-range", 1, bytesMax]],
      Expires: LINK_SECONDS,
    });
  };
}

function createSignDownload(client: S3Client, { bucket }: AttachmentBucket): SignDownload {
  return ({ id, type }) =>
    getSignedUrl(
      client,
      new GetObjectCommand({
        Bucket: bucket,
        Key: checkedKey(id),
        ResponseContentType: type,
        ResponseContentDisposition: `${type === "application/pdf" ? "attachment" : "inline"}; filename="${plainFileName(type)}"`,
        ResponseCacheControl: "no-store",
      }),
      { expiresIn: LINK_SECONDS },
    );
}

/**
 * Signs forms for uploads (one key, one type, a length, encryption under the content key) and addresses of checked files (one
 * object each), all for one minute. Type and name of a download are ours, never the uploader's, and the name is the same for all files of
 * a type: addresses stand in access logs, in the trail and in browsers. Photos show in the page, documents are saved. Brings its client with it, so that only who signs something loads S3.
 */
export function createAttachmentLinks(bucket: AttachmentBucket) {
  const client = new S3Client();
  return { signUpload: createSignUpload(client, bucket), signDownload: createSignDownload(client, bucket) };
}
