/** What a message is for; consent to one purpose covers no other (REQUIREMENTS row 4). */
export const PURPOSES = ["scheduling", "portal", "billing", "pharmacy", "survey", "announcement"] as const;
export type Purpose = (typeof PURPOSES)[number];

/** How an alert reaches a patient. */
export const CHANNELS = ["sms", "email"] as const;
export type Channel = (typeof CHANNELS)[number];

/** 1 administrative, 2 notification, 3 clinical (DESIGN §2). */
export type Tier = 1 | 2 | 3;

/** Languages in which templates and pages exist. */
export const LANGUAGES = ["en", "es"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Where an alert stands (API.md). */
export const ALERT_STATUSES = [
  "blocked",
  "queued",
  "deferred",
  "sending",
  "unknown",
  "sent",
  "delivered",
  "failed",
  "opened",
] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

/** States of a thread for staff. */
export const THREAD_STATES = ["waiting", "open", "closed"] as const;
export type ThreadState = (typeof THREAD_STATES)[number];
