import type { GatewayRequest, PresignedCall } from "../service.ts";
import { s3Error } from "./s3-error.ts";
import { bucketOfPath, refuseUnknownFields, uploadOperation } from "./s3-request.ts";
import { ALGORITHM, checkSignature, readAmzDate, readScope } from "./signature.ts";
import { readUploadForm } from "./upload-form.ts";
import { checkUploadPolicy } from "./upload-policy.ts";

/** An upload by a form that its signer made; undefined for anything that is no form for a bucket. */
export function readPresignedPost(request: GatewayRequest): PresignedCall | undefined {
  const { method, headers, content = Buffer.alloc(0) } = request;
  const { bucket, key } = bucketOfPath(request);
  if (method !== "POST" || key !== "" || !/^multipart\//iu.test(headers["content-type"] ?? ""))
    return undefined;
  const form = readUploadForm(headers["content-type"] ?? "", content);
  const { fields } = form;
  const policy = fields.get("policy");
  const signature = fields.get("x-amz-signature");
  // Without a policy the upload is nobody's, and no bucket here takes those.
  if (policy === undefined || signature === undefined) throw s3Error("AccessDenied", "Access Denied");
  const scope = readScope(fields.get("x-amz-credential"));
  if (
    fields.get("x-amz-algorithm") !== ALGORITHM ||
    scope?.service !== "s3" ||
    readAmzDate(fields.get("x-amz-date")) === undefined
  )
    throw s3Error("InvalidArgument", "A field of the signature is missing or not valid.");
  return {
    accessKeyId: scope.accessKeyId,
    region: scope.region,
    get operation() {
      return uploadOperation(bucket, form);
    },
    verify(secretAccessKey) {
      checkSignature(policy, signature, scope, secretAccessKey);
      checkUploadPolicy(policy, bucket, form);
      refuseUnknownFields(form);
    },
  };
}
