const MINUTE_MS = 60_000;

/** Wrong proofs after which a link is dead (peers-and-rules §3.12). */
export const LINK_MISSES_MAX = 5;
/** Wrong proofs of one patient and day, over all links, after which nothing opens until the next. */
export const DAILY_MISSES_MAX = 10;
/** How long a right date of birth waits for its code. */
export const PENDING_PROOF_MS = 10 * MINUTE_MS;
/** Automatic log-off without use (REQUIREMENTS row 23). */
export const SESSION_IDLE_MS = 10 * MINUTE_MS;
/** Automatic log-off however busy the session is. */
export const SESSION_LENGTH_MS = 60 * MINUTE_MS;
/** A session's last-seen time is written no more often than this. */
export const TOUCH_INTERVAL_MS = MINUTE_MS;
/** A request for a code is worth nothing after this (NIST SP 800-63B-4: at most ten minutes). */
export const CODE_LIFETIME_MS = 10 * MINUTE_MS;
/** When `remind` looks whether the request for a code reached its queue. */
export const CODE_DUE_MS = 2 * MINUTE_MS;
/** No second code within this time. */
export const CODE_INTERVAL_MS = MINUTE_MS;
/** Codes over one link within {@link CODE_WINDOW_MS}. */
export const CODES_MAX = 5;
export const CODE_WINDOW_MS = 60 * MINUTE_MS;
/** Messages on one page. */
export const MESSAGES_SHOWN_MAX = 20;
/** Messages of the thread that are looked at for a page; some may be past their end. */
export const MESSAGES_LOOKED_AT_MAX = 50;
