import type { Asking } from "../audit/journal.ts";
import type { ListedState } from "../domain/visits/words.ts";
import { isInState } from "./days.ts";
import type { DayPosition, ListAppointmentsPorts } from "./ports.ts";
import type { Appointment, VisitDay } from "./records.ts";
import { type ShownAppointment, shownAppointment } from "./shown.ts";

/** Where a page of visits ended: at this visit of this day. */
export interface VisitPosition extends DayPosition {
  readonly appointmentId: string;
}

/** Which visits somebody wants to see. */
export interface AppointmentFilter {
  /** YYYY-MM-DD, as each visit's place has it. */
  readonly day: string;
  readonly state: ListedState | undefined;
  readonly limit: number;
  readonly after: VisitPosition | null;
}

/** A visit with the id that its scheduling system gave it. */
export interface ListedAppointment extends ShownAppointment {
  readonly externalId: string;
}

/** A page of visits, and where the next begins. */
export interface AppointmentListing {
  readonly items: readonly ListedAppointment[];
  readonly next: VisitPosition | null;
}

/** Where few visits are in the wanted state, a page is short rather than slow. */
const ROUNDS_MAX = 10;

interface Place {
  readonly day: VisitDay;
  readonly appointment: Appointment;
  readonly position: VisitPosition;
}

/** The visits of days in the order of the pages: of the patient whose first visit is first, all of them. */
function placesOf(days: readonly VisitDay[]): readonly Place[] {
  return days.flatMap((day) => {
    const [first] = day.appointments;
    return day.appointments.map((appointment) => ({
      day,
      appointment,
      position: {
        firstStart: first?.startsAt ?? appointment.startsAt,
        patientId: day.patientId,
        appointmentId: appointment.id,
      },
    }));
  });
}

/** What comes after a position; all of the first day where its visit is there no longer. */
function following(places: readonly Place[], after: VisitPosition | null): readonly Place[] {
  const at = places.findIndex(({ appointment }) => appointment.id === after?.appointmentId);
  return places.slice(at + 1);
}

/** The visits of a page as the day goes, whosever they are. */
function byTime(one: Place, other: Place): number {
  const [first, second] = [one, other].map(
    ({ appointment, position }) => `${appointment.startsAt}#${position.patientId}#${appointment.id}`,
  );
  return String(first) < String(second) ? -1 : 1;
}

/**
 * Lists the visits of a date. Pages go by each patient's first visit, all of a patient's visits one after the other, and
 * within a page visits stand by their time. The reading is on record, in the reader's own chain, before an external id is
 * opened. A page may be short, even empty, while there are more: `next` tells.
 */
export function createListAppointments(ports: ListAppointmentsPorts) {
  const { read, journal, appointments, daysOn, openExternalId } = ports;

  async function find({ day, state, limit, after }: AppointmentFilter) {
    let found: readonly Place[] = [];
    let last: VisitPosition | null = after;
    let more = true;
    for (let round = 1; round <= ROUNDS_MAX && more && found.length < limit; round += 1) {
      // The last day is asked for once more: the page may have ended among its visits.
      const page = await daysOn(day, limit + 1, last);
      const places = following(placesOf(page.days), last);
      const wanted = places.filter(
        ({ appointment, day: ofPatient }) => state === undefined || isInState(appointment, ofPatient, state),
      );
      found = [...found, ...wanted];
      more = page.more;
      last = places.at(-1)?.position ?? last;
    }
    const shown = found.slice(0, limit);
    if (found.length > limit) return { shown, next: shown.at(-1)?.position ?? null };
    return { shown, next: more ? last : null };
  }

  async function opened({ day, appointment }: Place): Promise<readonly ListedAppointment[]> {
    const [pointer] = await read(appointments.pointer(appointment.externalIndex));
    // Removed since.
    if (pointer === undefined) return [];
    return [{ externalId: await openExternalId(pointer), ...shownAppointment(appointment, day) }];
  }

  return async (filter: AppointmentFilter, asking: Asking): Promise<AppointmentListing> => {
    const { shown, next } = await find(filter);
    const { day, state = null } = filter;
    await journal.record({
      ...asking,
      action: "appointments.listed",
      details: {
        day,
        state,
        count: shown.length,
        // Of whom visits were shown: what is told of accesses to a patient's record finds them by it.
        patientIds: [...new Set(shown.map((place) => place.day.patientId))],
      },
    });
    return { items: (await Promise.all(shown.toSorted(byTime).map(opened))).flat(), next };
  };
}
