import { Logger } from "@aws-lambda-powertools/logger";

/**
 * Everything that may ever be logged. A line has a code from here, ids and codes in its fields, and
 * never an input, a name, a contact detail, a token or content.
 */
const LOG_MESSAGES = {
  REQUEST_FAILED: "a request failed; see the error's name and code",
  REQUEST_REFUSED: "a request was refused",
  RECORD_FAILED: "a queue record failed and goes back to its queue",
  RECORD_UNREADABLE: "a queue record is not in a form that we know",
  ALERT_SENT: "an alert was accepted by the provider",
  ALERT_NOT_SENT: "an alert was not sent",
  ALERT_UNKNOWN: "the outcome of a send is unknown and is not retried",
  ALERT_DEFERRED: "an alert waits for a later slot",
  ALERT_REQUEUED: "an alert whose request was lost was put on its queue again",
  DELIVERY_RECORDED: "a delivery event was recorded",
  DELIVERY_IGNORED: "a delivery event concerns no alert of ours",
  PROOF_REJECTED: "a proof was not accepted",
} as const;

/** A code of the log catalogue. */
export type LogCode = keyof typeof LOG_MESSAGES;

/** Fields of a log line: ids, codes and counts only. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** The only way to log. */
export interface Log {
  info(code: LogCode, fields?: LogFields): void;
  warn(code: LogCode, fields?: LogFields): void;
  /** Logs what kind of error it was and where, never its message: SDK messages quote items. */
  error(code: LogCode, error: unknown, fields?: LogFields): void;
}

const STACK_LINES_MAX = 8;

/** Name, code and code positions of an error, without its message. */
export function describeError(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const frames = (error.stack ?? "")
    .split("\n")
    .filter((line) => line.startsWith("    at "))
    .slice(0, STACK_LINES_MAX)
    .map((line) => line.trim());
  const { code } = error as { code?: unknown };
  return {
    errorName: error.name,
    ...(typeof code === "string" ? { errorCode: code } : {}),
    at: frames.join(" | "),
  };
}

/** A logger that writes catalogue lines as JSON. */
export function createLog(): Log {
  const logger = new Logger();
  return {
    info: (code, fields) => logger.info(LOG_MESSAGES[code], { code, ...fields }),
    warn: (code, fields) => logger.warn(LOG_MESSAGES[code], { code, ...fields }),
    error: (code, error, fields) =>
      logger.error(LOG_MESSAGES[code], { code, ...describeError(error), ...fields }),
  };
}
