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
/** Codes over one link, and over all of a patient's, within {@link CODE_WINDOW_MS}. */
export const CODES_MAX = 5;
export const CODE_WINDOW_MS = 60 * MINUTE_MS;
/** Messages on one page. */
export const MESSAGES_SHOWN_MAX = 20;
/** Characters of a reply, in UTF-16 units as browsers count them. */
export const REPLY_LENGTH_MAX = 2000;
/** Replies of one session, which lasts an hour at most. */
export const SESSION_REPLIES_MAX = 20;
/** Replies of one patient and day (UTC). */
export const DAILY_REPLIES_MAX = 100;
/** Messages of the thread that are looked at for a page; some may be past their end. */
export const MESSAGES_LOOKED_AT_MAX = 50;
/** How old a link may be that a remembered device opens without a code (DESIGN §2). */
export const CODELESS_LINK_MS = 24 * 60 * MINUTE_MS;
/** How long clinical content stays closed after number or date of birth were changed. */
export const HOLD_MS = 24 * 60 * MINUTE_MS;
/** How long a device is remembered, however often it is used. */
export const DEVICE_MS = 30 * 24 * 60 * MINUTE_MS;
/** Devices that are remembered of one patient; another one takes the oldest one's place. */
export const DEVICES_MAX = 10;
/** Within this, staff look at a link that died of wrong proofs. */
export const PROOF_FAILED_DUE_MS = 60 * MINUTE_MS;
/** The tier that date of birth or PIN cover, with the link (DESIGN §2). */
export const PROVEN_TIER = 2;
/** New links that may be asked for over one link, and for one patient, within {@link NEW_LINK_WINDOW_MS}. */
export const NEW_LINKS_MAX = 3;
export const NEW_LINK_WINDOW_MS = 60 * MINUTE_MS;
/** New links for one patient within {@link NEW_LINK_DAY_MS}. */
export const NEW_LINKS_A_DAY_MAX = 6;
export const NEW_LINK_DAY_MS = 24 * 60 * MINUTE_MS;
/** How long after its end a link still asks for a new one: an old text must not have the patient texted for weeks. */
export const NEW_LINK_AFTER_MS = 7 * 24 * 60 * MINUTE_MS;
/**
 * What a link alone may do, ask for a new one or say that it is not meant for who holds it, is answered no sooner, so
 * that the time tells nothing of what it led to.
 */
export const LINK_ONLY_ANSWER_MS = 400;
/** No proof is refused sooner than this after it came: what is worked out meanwhile takes less. */
export const REFUSED_ANSWER_MS = 250;
