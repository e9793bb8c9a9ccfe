import { BadFile, type Field, type ImportKind } from "../domain/imports/kinds.ts";
import type { ReadColumns } from "./rows.ts";
import { wordOf } from "./values.ts";

type Names = Partial<Readonly<Record<Field, readonly string[]>>>;

/** What columns are called, in small letters without accents, blanks and signs. */
const RECORD_NUMBER = [
  "mrn",
  "patientmrn",
  "medicalrecordnumber",
  "medicalrecord",
  "recordnumber",
  "patientnumber",
  "patientrecordnumber",
  "patientexternalid",
  "externalpatientid",
  "chartnumber",
  "accountnumber",
  "numerodeexpediente",
  "expediente",
  "numerodehistoria",
  "historiaclinica",
  "numerodepaciente",
];
const PATIENT_ID = ["patientid", "patient", "idpaciente", "iddelpaciente", "paciente"];
const ZONE = ["timezone", "tz", "zone", "zonahoraria", "husohorario"];

const NAMES: Readonly<Record<ImportKind, Names>> = {
  patients: {
    externalId: [
      ...RECORD_NUMBER,
      "externalid",
      "id",
      "patientid",
      "idpaciente",
      "iddelpaciente",
      "idexterno",
    ],
    givenName: ["givenname", "firstname", "first", "patientfirstname", "nombre", "nombres", "primernombre"],
    familyName: [
      "familyname",
      "lastname",
      "last",
      "surname",
      "patientlastname",
      "apellido",
      "apellidos",
      "primerapellido",
    ],
    birthDate: [
      "birthdate",
      "dateofbirth",
      "dob",
      "birthday",
      "patientdob",
      "fechadenacimiento",
      "fechanacimiento",
      "nacimiento",
    ],
    mobilePhone: [
      "mobilephone",
      "mobile",
      "cell",
      "cellphone",
      "cellnumber",
      "mobilenumber",
      "mobilephonenumber",
      "cellphonenumber",
      "phonemobile",
      "celular",
      "telefonocelular",
      "movil",
      "telefonomovil",
    ],
    email: ["email", "emailaddress", "mail", "correo", "correoelectronico"],
    language: ["language", "preferredlanguage", "lang", "idioma", "idiomapreferido", "lengua"],
    timeZone: ZONE,
    version: ["version", "revision"],
    lastUpdated: ["lastupdated", "updated", "updatedat", "lastmodified", "modified", "actualizado"],
  },
  consents: {
    patient: RECORD_NUMBER,
    patientId: PATIENT_ID,
    purpose: ["purpose", "proposito", "finalidad"],
    channel: ["channel", "canal", "medio"],
    decision: ["decision", "consent", "consentimiento", "consentstatus"],
    unsecuredText: [
      "unsecuredtext",
      "unsecured",
      "acknowledgedunsecuredtext",
      "riskacknowledged",
      "textonoseguro",
    ],
    numberConfirmed: ["numberconfirmed", "acknowledgednumber", "phoneconfirmed", "numeroconfirmado"],
    optOutAnytime: [
      "optoutanytime",
      "optout",
      "acknowledgedoptout",
      "puededarsedebaja",
      "bajaencualquiermomento",
    ],
    evidence: ["evidence", "proof", "document", "evidencia", "prueba", "documento"],
  },
  appointments: {
    externalId: [
      "externalid",
      "appointmentid",
      "apptid",
      "visitid",
      "appointmentnumber",
      "visitnumber",
      "encounterid",
      "id",
      "idcita",
      "iddecita",
      "iddelacita",
      "numerodecita",
      "idexterno",
    ],
    patient: RECORD_NUMBER,
    patientId: PATIENT_ID,
    start: [
      "start",
      "startsat",
      "startdatetime",
      "appointmentstart",
      "appointmentdatetime",
      "apptdatetime",
      "visitdatetime",
      "scheduledat",
      "datetime",
      "dateandtime",
      "inicio",
      "fechayhora",
      "fechahora",
    ],
    date: [
      "date",
      "appointmentdate",
      "apptdate",
      "visitdate",
      "startdate",
      "fecha",
      "fechadecita",
      "fechadelacita",
    ],
    time: [
      "time",
      "appointmenttime",
      "appttime",
      "visittime",
      "starttime",
      "hora",
      "horadecita",
      "horadelacita",
    ],
    timeZone: ZONE,
    location: [
      "location",
      "locationid",
      "locationcode",
      "locationname",
      "site",
      "clinic",
      "facility",
      "department",
      "sede",
      "ubicacion",
      "clinica",
      "consultorio",
      "lugar",
    ],
    provider: [
      "provider",
      "providerid",
      "providercode",
      "providername",
      "practitioner",
      "doctor",
      "physician",
      "clinician",
      "medico",
      "doctora",
      "proveedor",
      "profesional",
    ],
    status: [
      "status",
      "appointmentstatus",
      "apptstatus",
      "visitstatus",
      "estado",
      "estatus",
      "estadodelacita",
    ],
    version: ["version", "revision", "versionid", "sequence"],
    lastUpdated: [
      "lastupdated",
      "updated",
      "updatedat",
      "lastmodified",
      "modified",
      "modifiedat",
      "actualizado",
      "ultimaactualizacion",
    ],
    reminderOffsets: [
      "reminderoffsets",
      "reminders",
      "reminderhours",
      "recordatorios",
      "horasderecordatorio",
    ],
  },
};

/** Names that step back where the same file has a plainer one of the same field, by how far; the others stand at 0. */
const STEPS_BACK: Readonly<Record<string, number>> = Object.fromEntries([
  ...[
    "location",
    "provider",
    "accountnumber",
    "chartnumber",
    "id",
    "patientid",
    "idpaciente",
    "iddelpaciente",
  ].map((name) => [name, 1]),
  ...["locationname", "site", "clinic", "facility", "sede", "ubicacion", "clinica"].map((name) => [name, 2]),
  ...["providername", "practitioner", "doctor", "physician", "clinician", "medico"].map((name) => [name, 2]),
  ...["department", "consultorio", "lugar", "doctora", "proveedor", "profesional"].map((name) => [name, 3]),
]);

/** What a visit is about, and what somebody wrote: never read, whatever else is known of a column. */
const NEVER_KEPT =
  /type|reason|descri|note|comment|diagnos|complaint|procedure|service|specialt|icd|cpt|symptom|tipo|motivo|nota|comentario|servicio|especialidad|procedimiento|sintoma/u;

/** What a row needs; a list within stands for one of several. */
const NEEDED: Readonly<Record<ImportKind, readonly (readonly Field[])[]>> = {
  patients: [["externalId"], ["givenName"], ["familyName"], ["birthDate"]],
  consents: [["patient", "patientId"], ["purpose"], ["channel"], ["decision"]],
  appointments: [["externalId"], ["patient", "patientId"], ["start", "date"]],
};

/** Where each field stands in a row, and what of the header is read. */
export interface ColumnMap {
  readonly at: Partial<Readonly<Record<Field, number>>>;
  readonly columns: ReadColumns;
  readonly width: number;
}

/** Finds the fields of `kind` in a header, in whatever order; throws a {@link BadFile} where one is missing or twice there. */
export function mapColumns(kind: ImportKind, header: readonly string[]): ColumnMap {
  const fieldOf = new Map<string, Field>();
  for (const [field, names] of Object.entries(NAMES[kind]) as [Field, readonly string[]][]) {
    for (const name of names) if (!fieldOf.has(name)) fieldOf.set(name, field);
  }
  const at: Partial<Record<Field, number>> = {};
  const words = header.map(wordOf);
  const stepOf = (index: number) => STEPS_BACK[words[index] ?? ""] ?? 0;
  for (const [index, word] of words.entries()) {
    const field = fieldOf.get(word);
    if (field === undefined) continue;
    const before = at[field];
    if (before === undefined || stepOf(index) < stepOf(before)) at[field] = index;
  }
  for (const [index, word] of words.entries()) {
    const field = fieldOf.get(word);
    const chosen = field === undefined ? undefined : at[field];
    if (field === undefined || chosen === undefined || chosen === index) continue;
    if (stepOf(chosen) === stepOf(index)) throw new BadFile("column_twice", [field]);
  }
  const chosen = new Map(Object.entries(at).map(([field, index]) => [index, field]));
  const used = [...chosen]
    .map(([index, field]) => ({ position: index + 1, field }))
    .toSorted((one, two) => one.position - two.position);
  const ignored = words.flatMap((word, index) =>
    chosen.has(index) || word === ""
      ? []
      : [
          {
            position: index + 1,
            reason: NEVER_KEPT.test(word) ? ("never-kept" as const) : ("unknown" as const),
          },
        ],
  );
  const missing = NEEDED[kind].filter((ways) => ways.every((field) => at[field] === undefined));
  if (missing.length > 0) {
    throw new BadFile(
      "header_incomplete",
      missing.flatMap(([first]) => (first === undefined ? [] : [first])),
    );
  }
  return { at, columns: { used, ignored }, width: header.length };
}
