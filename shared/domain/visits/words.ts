/** What is known of a visit; only a booked one is reminded of. */
export const VISIT_STATUSES = ["booked", "pending", "arrived", "fulfilled", "noshow", "cancelled"] as const;
export type VisitStatus = (typeof VISIT_STATUSES)[number];

/** What the patient said to a reminder, or staff for the patient. */
export const CONFIRMATIONS = ["none", "confirmed", "change-requested"] as const;
export type Confirmation = (typeof CONFIRMATIONS)[number];

/** How far a visit is confirmed, as lists tell it. `no-reply`: a reminder asked, and nobody answered yet. */
export const VISIT_STATES = [
  "unconfirmed",
  "no-reply",
  "confirmed",
  "change-requested",
  "cancelled",
] as const;
export type VisitState = (typeof VISIT_STATES)[number];

/** What a list can be asked for: a state, or `unanswered`, whom to call: booked, and no word of the patient yet. */
export const LISTED_STATES = [...VISIT_STATES, "unanswered"] as const;
export type ListedState = (typeof LISTED_STATES)[number];

/** What a scheduling system says of a visit. */
export interface SaidStatus {
  readonly status: VisitStatus;
  /** Staff have the patient's word that the visit stands. */
  readonly confirmed: boolean;
}

/** Words of schedulers and of FHIR R4 (Appointment.status), with what each means here. */
const SAID = {
  booked: "booked",
  scheduled: "booked",
  confirmed: "booked",
  pending: "pending",
  proposed: "pending",
  waitlist: "pending",
  tentative: "pending",
  arrived: "arrived",
  "checked-in": "arrived",
  fulfilled: "fulfilled",
  completed: "fulfilled",
  noshow: "noshow",
  "no-show": "noshow",
  cancelled: "cancelled",
  canceled: "cancelled",
  "entered-in-error": "cancelled",
} as const satisfies Readonly<Record<string, VisitStatus>>;

/** A word that {@link visitStatusOf} knows. */
export type StatusWord = keyof typeof SAID;

/** Every word for a status, in lower case. */
export const STATUS_WORDS = Object.keys(SAID) as [StatusWord, ...StatusWord[]];

/** What a word says of a visit, whatever its case; undefined for an unknown one. */
export function visitStatusOf(word: string): SaidStatus | undefined {
  const known = word.trim().toLowerCase();
  if (!Object.hasOwn(SAID, known)) return undefined;
  return { status: SAID[known as StatusWord], confirmed: known === "confirmed" };
}
