import type { AlertRecord } from "#shared/messaging/records.ts";
import { createWorld, type WorldChoices } from "#test/support/core-world.ts";

/** A visit of an answer. */
export type ShownVisit = Readonly<Record<string, unknown>> & {
  readonly externalId: string;
  readonly day: string;
  readonly version: number;
  readonly reminders: readonly { readonly alertId: string; readonly offsetHours: number }[];
};

/** What a request about visits says besides. */
export interface Said {
  readonly roles?: string;
  readonly ifMatch?: number;
}

/** A world with a patient whose visits can be put, in a practice of Los Angeles with reminders 72 and 24 hours ahead. */
export async function createVisitsWorld(choices: WorldChoices = {}) {
  const world = createWorld(choices);
  const patientId = await world.register();
  const headers = (ifMatch: number | undefined) =>
    ifMatch === undefined ? {} : { headers: { "If-Match": `"${ifMatch}"` } };
  const visit = { path: { externalId: "visit-1" } };
  const alerts = () =>
    world.store
      .items("Messages")
      .filter(({ sk }) => String(sk).startsWith("alert#")) as unknown as readonly AlertRecord[];
  const put = async (
    fields: object = {},
    externalId = "visit-1",
    { roles = "frontdesk", ifMatch }: Said = {},
  ) => {
    const {
      status,
      headers: answered,
      body,
    } = await world.call("PUT /appointments/{externalId}", {
      roles,
      path: { externalId },
      body: { patientId, startsAt: "2026-11-12T18:00:00Z", ...fields },
      ...headers(ifMatch),
    });
    return { status, etag: answered?.["ETag"], body: body as ShownVisit };
  };
  return {
    ...world,
    patientId,
    /** Puts records into the store without audit. */
    prepareWith: world.put,
    put,
    get: async (externalId = "visit-1", roles = "clinician") => {
      const { status, body } = await world.call("GET /appointments/{externalId}", {
        roles,
        path: { externalId },
      });
      return { status, body: body as ShownVisit };
    },
    remove: (externalId = "visit-1", { roles = "frontdesk", ifMatch }: Said = {}) =>
      world.call("DELETE /appointments/{externalId}", {
        ...visit,
        roles,
        path: { externalId },
        ...headers(ifMatch),
      }),
    list: async (query: Record<string, string>, roles = "clinician") => {
      const { status, body } = await world.call("GET /appointments", { roles, query });
      return {
        status,
        items: (body["items"] ?? []) as readonly ShownVisit[],
        nextCursor: (body["nextCursor"] ?? null) as string | null,
      };
    },
    alerts,
    /** Alerts that would still leave, by when. */
    waiting: () =>
      alerts()
        .filter(({ status }) => status === "deferred")
        .map(({ kind, dueAt, expiresAt, offsetHours }) => ({ kind, dueAt, expiresAt, offsetHours }))
        .toSorted((one, other) => (String(one.dueAt) < String(other.dueAt) ? -1 : 1)),
    day: async (day: string) => (await world.read(world.appointments.visitDay(patientId, day)))[0],
    /** Plays the claim of a reminder: it leaves, and has asked. */
    ask: async (alertId: string, status: AlertRecord["status"] = "sent") => {
      const alert = await world.alert(patientId, alertId);
      const [day] = await world.read(world.appointments.visitDay(patientId, String(alert.visitDay)));
      if (day === undefined) throw new Error("no such day");
      await world.put(
        world.messages.moveAlert(alert, ["deferred"], { status, dueAt: null }),
        world.appointments.setVisitDay({ ...day, asked: { alertId, at: world.clock.iso() } }),
      );
    },
    /** Changes what the practice has told, and when. */
    set: (fields: object) =>
      world.put(
        world.practice.setSettings(
          {
            timeZone: "America/Los_Angeles",
            officeHours: {},
            sendingHours: { from: "08:00", to: "21:00" },
            caps: { perDay: 1, perWeek: 3 },
            reminderOffsets: [72, 24],
            visitNotices: [],
            ...fields,
          },
          0,
        ),
      ),
  };
}

/** Everything of a test about visits. */
export type VisitsWorld = Awaited<ReturnType<typeof createVisitsWorld>>;
