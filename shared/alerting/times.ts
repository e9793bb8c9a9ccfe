const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;

/** A claim older than this cannot still be running: it is longer than the function's time-out. */
export const CLAIM_SECONDS_MAX = 2 * MINUTE_SECONDS;
/** When a claim is looked at again, should its run die. */
export const CLAIM_LOOK_SECONDS = CLAIM_SECONDS_MAX + 30;
/** A send whose outcome nobody knows becomes a person's task after this. */
export const UNKNOWN_TASK_SECONDS = 30 * MINUTE_SECONDS;
/** An alert that could not leave in 72 hours says nothing that is still new. */
export const WAITING_SECONDS_MAX = 72 * HOUR_SECONDS;
/** While sending is switched off, alerts look again this often. */
export const SWITCHED_OFF_SECONDS = 15 * MINUTE_SECONDS;
/** A cap that holds an alert back for longer than this makes a call of it as well. */
export const CAP_HOLD_SECONDS_MAX = 4 * HOUR_SECONDS;
/** Carriers report for up to 72 hours (End User Messaging); an hour later silence is an answer. */
export const CARRIER_SILENCE_SECONDS = 73 * HOUR_SECONDS;
/** After the text: when the first and the second nudge are due, and when a person calls. */
export const NUDGE_SECONDS = [24 * HOUR_SECONDS, 72 * HOUR_SECONDS] as const;
export const UNREAD_CALL_SECONDS = 96 * HOUR_SECONDS;
/** An e-mail that nobody opened is not repeated; a person calls. */
export const UNREAD_EMAIL_CALL_SECONDS = 72 * HOUR_SECONDS;
/** When a step that must follow is looked at again, should its request get lost. */
export const FOLLOW_UP_SECONDS = 2 * MINUTE_SECONDS;
/** A person has this long to call. */
export const CALL_SECONDS = 24 * HOUR_SECONDS;
/** A person has this long to find out whether a text left. */
export const UNKNOWN_SEND_SECONDS = 4 * HOUR_SECONDS;
