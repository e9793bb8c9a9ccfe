import { type AwsError, awsError } from "../aws-error.ts";

/** The answer where a request names a resource of End User Messaging that does not exist. */
export function resourceNotFound(type: string): AwsError {
  return awsError("ResourceNotFoundException", "A resource in the request does not exist.", {
    ResourceType: type,
  });
}
