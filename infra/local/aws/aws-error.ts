import type { JsonRecord } from "../json-shape.ts";

/** An error that a service answers with: the code its SDK client turns into a class, and further members of the body. */
export type AwsError = Error & {
  readonly code: string;
  readonly statusCode: number;
  /** Members of the error document beside its type and message. */
  readonly members: JsonRecord;
};

/** Makes an error that the gateway sends to the caller. The message must not contain what the caller sent. */
export function awsError(
  code: string,
  message: string,
  members: JsonRecord = {},
  statusCode = 400,
): AwsError {
  return Object.assign(new Error(message), { name: code, code, statusCode, members });
}

/** Whether a thrown value is an answer of a service rather than a defect of this host. */
export function isAwsError(value: unknown): value is AwsError {
  return value instanceof Error && "code" in value && "statusCode" in value && "members" in value;
}

/** The refusal of an operation that no double here implements: never silence. */
export function unknownOperation(operation: string): AwsError {
  return awsError(
    "UnknownOperationException",
    `The local host does not implement the operation ${operation}.`,
  );
}
