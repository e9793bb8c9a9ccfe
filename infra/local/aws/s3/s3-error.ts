import { type AwsError, awsError } from "../aws-error.ts";

/** The errors that S3 answers here, with their status. */
const ERRORS = {
  AccessDenied: 403,
  AccessForbidden: 403,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  InvalidArgument: 400,
  InvalidPolicyDocument: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedPOSTRequest: 400,
  MalformedXML: 400,
  MaxPostPreDataLengthExceeded: 400,
  MethodNotAllowed: 405,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchObjectLockConfiguration: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  SignatureDoesNotMatch: 403,
  XAmzContentSHA256Mismatch: 400,
} as const;

/** An error of S3. The message must not contain what the caller sent. */
export function s3Error(code: keyof typeof ERRORS, message: string): AwsError {
  return awsError(code, message, {}, ERRORS[code]);
}

/** What the gateway's own errors are called where S3 answers them. */
const GATEWAY_ERRORS: Readonly<Record<string, { readonly code: string; readonly statusCode: number }>> = {
  AccessDeniedException: { code: "AccessDenied", statusCode: 403 },
  InternalServerError: { code: "InternalError", statusCode: 500 },
  InvalidSignatureException: { code: "AuthorizationHeaderMalformed", statusCode: 400 },
  MissingAuthenticationTokenException: { code: "AccessDenied", statusCode: 403 },
  UnknownOperationException: { code: "NotImplemented", statusCode: 501 },
  UnrecognizedClientException: { code: "InvalidAccessKeyId", statusCode: 403 },
};

/** The code and the status with which S3 answers an error of its own or of the gateway. */
export function s3Refusal({ code, statusCode }: AwsError): { code: string; statusCode: number } {
  return GATEWAY_ERRORS[code] ?? { code, statusCode };
}
