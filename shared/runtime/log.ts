/**
 * Everything that may ever be logged. A line has a code from here, ids and codes in its fields, and
 * never an input, a name, a contact detail, a token or content.
 */
const LOG_MESSAGES = {
  REQUEST_FAILED: "a request failed; see the error's name and code",
  REQUEST_REFUSED: "a request was refused",
  RECORD_FAILED: "a queue record failed and goes back to its queue",
  ALERT_SENT: "an alert was accepted by the provider",
  ALERT_NOT_SENT: "an alert was not sent",
  ALERT_UNKNOWN: "the outcome of a send is unknown and is not retried",
  ALERT_DEFERRED: "an alert waits for a later slot",
  ALERT_REQUEUED: "alerts whose next step has come, or whose request was lost, were put on their queues",
  ALERT_EXPIRED: "a text about a visit was dropped: it could only come too late",
  DELIVERY_RECORDED: "a delivery event was recorded",
  DELIVERY_IGNORED: "a delivery event concerns no alert of ours",
  OPT_OUTS_RECONCILED: "the carrier's list of opted-out numbers was compared with ours",
  TASK_LATE: "a task was not done by its due time",
  TASK_NOT_NOTED: "a late task could not be noted; the next minute tries again",
  TEXT_RECEIVED: "a patient's text was dealt with",
  TEXT_IGNORED: "a text to the practice's number was left alone",
  PROOF_REJECTED: "a proof was not accepted",
  FOREIGN_FORM: "a form that another site sent to the portal was refused",
  NEW_LINK_NOT_ASKED: "a request for a new link came to nothing",
  ATTACHMENT_CHECKED: "an uploaded file was looked into",
  ATTACHMENTS_ERASED: "attachments that were removed or never sent were erased",
  IMPORT_WORKED: "an import was worked through, or as far as the time allowed",
  ANCHOR_SIGNED: "an anchor of the audit chains was signed and locked away",
  EXPORT_STARTED: "an export of the auditors' tables was started",
  EXPORT_FAILED: "a table's export could not be started",
  SECOND_READER_ANSWERED: "the second reader read a text",
  SECOND_READER_SILENT: "the second reader said nothing of a text; the local verdict stands",
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
const FRAME = /^ {4}at .*:\d+:\d+\)?$/;

/** Where an error was made; a message of several lines may look like frames, so it is cut off first. */
function framesOf({ stack = "", message }: Error): string {
  const start = message === "" ? -1 : stack.lastIndexOf(message);
  return stack
    .slice(start === -1 ? 0 : start + message.length)
    .split("\n")
    .filter((line) => FRAME.test(line))
    .slice(0, STACK_LINES_MAX)
    .map((line) => line.trim())
    .join(" | ");
}

/** Name, code and code positions of an error, without its message. */
export function describeError(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const { code } = error as { code?: unknown };
  return {
    errorName: error.name,
    ...(typeof code === "string" ? { errorCode: code } : {}),
    at: framesOf(error),
  };
}

/** A logger that writes catalogue lines, each a JSON object with level and time where Lambda looks for them. */
export function createLog(): Log {
  const write = (level: "INFO" | "WARN" | "ERROR", code: LogCode, fields: LogFields = {}) => {
    const line = {
      ...fields,
      level,
      code,
      message: LOG_MESSAGES[code],
      timestamp: new Date().toISOString(),
    };
    // Not through the console: Lambda's runtime would wrap the line into another one.
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  return {
    info: (code, fields) => write("INFO", code, fields),
    warn: (code, fields) => write("WARN", code, fields),
    error: (code, error, fields) => write("ERROR", code, { ...describeError(error), ...fields }),
  };
}
