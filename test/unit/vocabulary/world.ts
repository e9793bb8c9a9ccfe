import { createWorld } from "#test/support/core-world.ts";

/** Settings that every PUT must bring. */
export const SETTINGS = { timeZone: "America/Chicago", officeHours: {} };

/** A directory with one entry of each kind. */
export const DIRECTORY = {
  locations: [{ id: "loc_north", name: "Northside building", textName: "Northside", codes: ["N1"] }],
  providers: [{ id: "prv_lee", name: "Ana Lee", textName: "Dr. Lee" }],
  pharmacies: [{ id: "phm_main", name: "Main Street Pharmacy", textName: "Main St Pharmacy" }],
};

/** A template that is fit for what it is for. */
export const REMINDER = {
  name: "Reminder with the place",
  use: "reminder",
  purpose: "scheduling",
  texts: {
    en: {
      text: "{practice}: your visit is on {date} at {time}. Reply C to confirm, 2 to change. Call {phone}. Reply STOP to end",
      reviewer: "Ana Lee",
    },
    es: {
      text: "{practice}: su cita es {date}, {time}. Responda C para confirmar, 2 para cambiar. Tel. {phone}. STOP para salir",
      reviewer: "Luz Vega",
    },
  },
};

/** A template of the use `message`. */
export const NOTICE = {
  name: "Form waiting",
  purpose: "portal",
  texts: {
    en: { text: "{practice}: new form. Read: {link} Call {phone}. Reply STOP to end", reviewer: "Ana Lee" },
    es: { text: "{practice}: nueva hoja. Lea: {link} Tel. {phone}. STOP para salir", reviewer: "Luz Vega" },
  },
};

/** The world with what tests of words do again and again. */
export function createWordsWorld() {
  const world = createWorld();
  const { call } = world;
  const putDirectory = (directory: object, parts: object = {}) =>
    call("PUT /practice", {
      roles: "admin",
      actor: "staff_admin",
      body: { ...SETTINGS, directory },
      ...parts,
    });
  const ask = (target = "directory", parts: object = {}) =>
    call("POST /approvals", {
      roles: "admin",
      actor: "staff_admin",
      body: { kind: "directory", target, reason: "A new name." },
      ...parts,
    });
  const decide = (id: string, decision = "approved", parts: object = {}) =>
    call("POST /approvals/{id}/decision", {
      roles: "compliance",
      actor: "staff_compliance",
      path: { id },
      body: { decision },
      ...parts,
    });
  const write = (template: object, parts: object = {}) =>
    call("POST /templates", { roles: "frontdesk", actor: "staff_writer", body: template, ...parts });
  const approve = (id: string, parts: object = {}) =>
    call("POST /templates/{id}/approval", {
      roles: "compliance",
      actor: "staff_compliance",
      path: { id },
      body: {},
      ...parts,
    });
  const withdraw = (id: string, parts: object = {}) =>
    call("DELETE /templates/{id}", {
      roles: "compliance",
      actor: "staff_compliance",
      path: { id },
      ...parts,
    });
  const vocabulary = (query: Record<string, string> = {}, parts: object = {}) =>
    call("GET /vocabulary", { roles: "auditor", query, ...parts });
  return {
    ...world,
    putDirectory,
    ask,
    decide,
    write,
    approve,
    withdraw,
    vocabulary,
    /** Writes a directory and has it approved. */
    approveDirectory: async (directory: object = DIRECTORY) => {
      await putDirectory(directory);
      const asked = await ask();
      return decide(String(asked.body["id"]));
    },
    /** Writes a template and has it approved; gives its id. */
    approvedTemplate: async (template: object = REMINDER) => {
      const { body } = await write(template);
      const id = String(body["id"]);
      await approve(id);
      return id;
    },
  };
}
