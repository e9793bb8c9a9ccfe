/** Stable codes to program against, with the status and title of each (API.md, RFC 9457). */
export const PROBLEMS = {
  invalid_request: { status: 400, title: "The request is not valid." },
  unauthenticated: { status: 401, title: "A valid access token is needed." },
  session_expired: { status: 401, title: "The session is over. Sign in again." },
  forbidden: { status: 403, title: "This is not allowed." },
  not_found: { status: 404, title: "There is nothing here." },
  consent_required: { status: 409, title: "The patient has not consented to this." },
  consent_revoked: { status: 409, title: "The patient has revoked this consent." },
  vendor_without_baa: {
    status: 409,
    title: "No business associate agreement is on record for the channel's vendor.",
  },
  constraint_violation: { status: 409, title: "The patient has asked not to be reached this way." },
  idempotency_conflict: {
    status: 409,
    title: "This idempotency key was used with another request.",
  },
  request_in_progress: { status: 409, title: "The first request with this key is still running." },
  version_conflict: { status: 409, title: "It was changed or exists already. Read it again." },
  marketing_refused: {
    status: 409,
    title: "Marketing needs an authorization that this system does not manage.",
  },
  payload_too_large: { status: 413, title: "The request is too large." },
  unsupported_media_type: { status: 415, title: "The request must be application/json." },
  unprocessable: { status: 422, title: "The request cannot be carried out as it is." },
  rate_limited: { status: 429, title: "Too many requests. Try again later." },
  internal: { status: 500, title: "Something went wrong on our side." },
  unavailable: { status: 503, title: "The service is not available right now." },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

/** A problem's stable code. */
export type ProblemCode = keyof typeof PROBLEMS;
