import type { Asking } from "../audit/journal.ts";
import { blindIndex } from "../patients/register.ts";
import { untilSettled } from "./contention.ts";
import type { AppointmentPorts } from "./ports.ts";
import { type ShownAppointment, shownAppointment } from "./shown.ts";

/** Shows a visit by its external id; the reading is on record in the patient's chain. */
export function createReadAppointment(ports: AppointmentPorts) {
  const { read, journal, appointments } = ports;
  return async (externalId: string, asking: Asking): Promise<ShownAppointment | undefined> => {
    const externalIndex = await blindIndex(ports.indexMac, "appointment", externalId);
    // A visit that moves to another day in between is looked for there.
    const { shown } = await untilSettled(async () => {
      const [pointer] = await read(appointments.pointer(externalIndex));
      if (pointer === undefined) return { shown: undefined };
      const { patientId, appointmentId } = pointer;
      const [day, head] = await read(
        appointments.visitDay(patientId, pointer.day),
        journal.head({ patientId, actor: asking.actor }),
      );
      const appointment = day?.appointments.find(({ id }) => id === appointmentId);
      if (day === undefined || appointment === undefined) return undefined;
      await journal.record(
        { ...asking, action: "appointment.read", patientId, details: { appointmentId, day: day.day } },
        head ?? null,
      );
      return { shown: shownAppointment(appointment, day) };
    });
    return shown;
  };
}
