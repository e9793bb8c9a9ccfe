import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFile } from "#shared/imports/read-file.ts";
import { CONTEXT, onlyRow, outcomes, rowsOf } from "./reading.ts";

const PATIENTS = "MRN,First Name,Last Name,DOB,Mobile";
const good = (mrn = "A1") => `${mrn},Ana,Ruiz,1980-04-12,(206) 555-0100`;
const patients = (...rows: readonly string[]) => [PATIENTS, ...rows].join("\n");
const visit = (start: string, more: Readonly<Record<string, string>> = {}) => {
  const cells = { id: "V1", mrn: "A1", start, ...more };
  return `${Object.keys(cells).join(",")}\n${Object.values(cells)
    .map((cell) => `"${cell.replaceAll('"', '""')}"`)
    .join(",")}`;
};

function failure(kind: "patients" | "consents" | "appointments", content: string | Uint8Array): unknown {
  try {
    rowsOf(kind, content);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("a patient of a CSV file", () => {
  it("is read with whatever columns are called, in English and in Spanish", () => {
    const expected = {
      kind: "patients",
      externalId: "A1",
      givenName: "Ana",
      familyName: "Núñez",
      birthDate: "1980-04-12",
      mobilePhone: "+12065550100",
      email: "ana@example.org",
      language: "es",
      timeZone: "America/Chicago",
    };
    const rows = [
      "Expediente;Nombre;Apellidos;Fecha de nacimiento;Celular;Correo electrónico;Idioma;Zona horaria\nA1;Ana;Núñez;04/12/1980;206.555.0100;ana@example.org;Español;America/Chicago",
      "mrn\tfirst\tlast\tdob\tcell\te-mail\tlang\ttz\nA1\tAna\tNúñez\t12-Apr-1980\t1 (206) 555-0100\tana@example.org\tes-MX\tCentral Time",
      '"Patient ID"|Given Name|Family_Name|birthDate|mobilePhone|email|language|timeZone\nA1|Ana|Nu\u0301n\u0303ez|19800412|+12065550100|ana@example.org|spa|US/Central',
    ];
    for (const text of rows) expect(onlyRow("patients", text)).toEqual(expected);
  });

  it("may come with a mark, any line end, Excel's own line, in UTF-16 and in Windows-1252", () => {
    const text = `${PATIENTS}\r\nA1,Ana,Peña,4/12/1980,\r\n`;
    const expected = [expect.objectContaining({ line: 2, what: "row" })];
    for (const bytes of [
      Buffer.from(`\ufeff${text}`),
      Buffer.from(text.replaceAll("\r\n", "\r")),
      Buffer.from(text.replaceAll("\r\n", "\n").trimEnd()),
      Buffer.from(`\ufeff${text}`, "utf16le"),
      Buffer.from(text, "latin1"),
    ]) {
      const rows = rowsOf("patients", bytes);
      expect(rows).toEqual(expected);
      expect(rows[0]).toMatchObject({ row: { familyName: "Peña" } });
    }
    expect(rowsOf("patients", `sep=;\r\n${text.replaceAll(",", ";")}`)).toMatchObject([
      { line: 3, row: { familyName: "Peña" } },
    ]);
  });

  it("keeps zeros that a spreadsheet guards, and blanks that do not break are blanks", () => {
    expect(onlyRow("patients", patients('="00123",\u00a0Ana\u00a0María ,Ruiz,4/12/1980,'))).toMatchObject({
      externalId: "00123",
      givenName: "Ana María",
    });
    expect(onlyRow("patients", patients("'00123,Ana,'t Hooft,4/12/1980,"))).toMatchObject({
      externalId: "00123",
      familyName: "'t Hooft",
    });
  });

  it.each([
    ["a formula", "A1,=HYPERLINK(1),Ruiz,1980-04-12,", "bad formula givenName"],
    ["another formula", "@SUM(A1),Ana,Ruiz,1980-04-12,", "bad formula externalId"],
    ["a formula behind a sign", "A1,+cmd|' /C calc'!A0,Ruiz,1980-04-12,", "bad formula givenName"],
    ["a name that turns what is shown", "A1,Ana\u202Ezur,Ruiz,1980-04-12,", "bad hidden_character givenName"],
    ["a zero", "A1,An\0a,Ruiz,1980-04-12,", "bad control_character givenName"],
    ["a line break", 'A1,"An\na",Ruiz,1980-04-12,', "bad control_character givenName"],
    ["no name", "A1,\u00a0,Ruiz,1980-04-12,", "bad missing givenName"],
    ["a name that cannot be seen", "A1,\u3164\u200d,Ruiz,1980-04-12,", "ok"],
    ["a very long name", `A1,${"a".repeat(101)},Ruiz,1980-04-12,`, "bad too_long givenName"],
    ["a huge field", `A1,${"a".repeat(100_001)},Ruiz,1980-04-12,`, "bad field_too_long"],
    ["a day that is none", "A1,Ana,Ruiz,02/29/1981,", "bad bad_date birthDate"],
    ["a leap day", "A1,Ana,Ruiz,02/29/1980,", "ok"],
    ["a day before its month", "A1,Ana,Ruiz,31/12/1980,", "bad bad_date birthDate"],
    ["two digits for a year", "A1,Ana,Ruiz,4/12/80,", "bad bad_date birthDate"],
    ["a birthday to come", "A1,Ana,Ruiz,2026-12-24,", "bad bad_date birthDate"],
    ["a spreadsheet's midnight", "A1,Ana,Ruiz,4/12/1980 0:00,", "ok"],
    ["a number with an extension", "A1,Ana,Ruiz,4/12/1980,206-555-0100 x12", "ok bad_phone"],
    ["a number of elsewhere", "A1,Ana,Ruiz,4/12/1980,+52 55 1234 5678", "ok bad_phone"],
    ["zeros for a number", "A1,Ana,Ruiz,4/12/1980,0000000000", "ok bad_phone"],
    ["fives for a number", "A1,Ana,Ruiz,4/12/1980,(555) 555-5555", "ok bad_phone"],
    ["a number that turns what is shown", "A1,Ana,Ruiz,4/12/1980,\u202D206-555-0100", "ok bad_phone"],
    ["a word for no number", "A1,Ana,Ruiz,4/12/1980,N/A", "ok"],
    ["a word for no record number", "n/a,Ana,Ruiz,4/12/1980,", "bad missing externalId"],
    ["a word for no birthday", "A1,Ana,Ruiz,unknown,", "bad missing birthDate"],
    ["a family of that name", "A1,Ana,Null,4/12/1980,", "ok"],
    ["too few columns", "A1,Ana,Ruiz", "bad column_count"],
    ["too many columns", `${good()},x`, "bad column_count"],
    ["empty columns behind it", `${good()},,`, "ok"],
    ["100,000 columns", ",".repeat(100_000), "bad too_many_columns"],
    ["words behind a mark", 'A1,"Ana" Lu,Ruiz,4/12/1980,', "bad words_after_quote"],
    ["an open mark", 'A1,"Ana,Ruiz,4/12/1980,', "bad open_quote"],
  ])("with %s", (_what, row, outcome) => {
    expect(outcomes("patients", patients(row, good("B2")))).toEqual([outcome, "ok"]);
  });

  it("that is half UTF-8 is bad, and the others stay", () => {
    const bytes = Buffer.concat([
      Buffer.from(patients("A1,Zoë,Ruiz,4/12/1980,", "A2,An")),
      Buffer.from([0xc3, 0x2c]),
      Buffer.from("Ruiz,4/12/1980,\nA3,Ana,Ruiz,4/12/1980,"),
    ]);
    expect(outcomes("patients", bytes)).toEqual(["ok", "bad undecodable givenName", "ok"]);
  });

  it.each([
    ["an address that is none", { email: "ana at example" }, ["bad_email"], {}],
    ["an unclear zone", { "time zone": "EST" }, ["unknown_time_zone"], { email: "ana@example.org" }],
    ["another language", { language: "Mandarin" }, ["unknown_language"], { email: "ana@example.org" }],
    [
      "nothing to say",
      { email: "None", "time zone": "--", language: "Unknown", cell: "not provided" },
      [],
      {},
    ],
    [
      "nothing that can be used",
      { email: "x", cell: "206-555-0100 x12", "time zone": "Mars", language: "?!" },
      ["bad_email", "bad_phone", "unknown_time_zone"],
      {},
    ],
  ])("is kept without what can be left out: %s", (_what, more, warnings, kept) => {
    const cells: Readonly<Record<string, string>> = {
      ...{ mrn: "A1", first: "Ana", last: "Ruiz", dob: "4/12/1980", email: "ana@example.org" },
      ...more,
    };
    const [read] = rowsOf("patients", `${Object.keys(cells).join(",")}\n${Object.values(cells).join(",")}`);
    if (read?.what !== "row") throw new Error("not kept");
    expect(read.warnings.map(({ code }) => code).toSorted()).toEqual(warnings.toSorted());
    expect(read.row).toEqual({
      ...{ kind: "patients", externalId: "A1", givenName: "Ana", familyName: "Ruiz" },
      ...{ birthDate: "1980-04-12", ...kept },
    });
  });

  it("is told everything that is wrong with its row, once and five at most", () => {
    const text = "mrn,first,last,dob,email,cell,time zone\n,=1,@2,soon,x,y,EST";
    expect(rowsOf("patients", text)).toEqual([
      {
        line: 2,
        what: "bad",
        notes: [
          { code: "missing", column: "externalId" },
          { code: "formula", column: "givenName" },
          { code: "formula", column: "familyName" },
          { code: "bad_date", column: "birthDate" },
          { code: "bad_phone", column: "mobilePhone" },
        ],
      },
    ]);
    const visitText = visit("2026-13-01 09:30", { status: "maybe", version: "x", "time zone": "EST" });
    expect(outcomes("appointments", visitText)).toEqual([
      "bad bad_time_zone timeZone bad_date start bad_value status bad_value version",
    ]);
    const consent = "mrn,purpose,channel,decision,unsecured,number confirmed,opt out\n,x,fax,yes,,yes,no";
    expect(outcomes("consents", consent)).toEqual([
      "bad missing patient bad_value purpose bad_value channel acknowledgement_missing unsecuredText " +
        "acknowledgement_missing optOutAnytime",
    ]);
  });

  it("does not make a start's fault out of its zone's", () => {
    expect(outcomes("appointments", visit("2026-03-08 02:30", { "time zone": "EST" }))).toEqual([
      "bad bad_time_zone timeZone",
    ]);
  });

  it("is kept in whatever order the columns stand, and whatever else stands there", () => {
    const columns = { MRN: "A1", First: "Ana", Last: "Ruiz", DOB: "4/12/1980", Notes: "x", Ward: "7" };
    const entries = Object.entries(columns);
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (order) => {
        const text = `${order.map(([name]) => name).join(",")}\n${order.map(([, cell]) => cell).join(",")}`;
        expect(onlyRow("patients", text)).toEqual({
          kind: "patients",
          externalId: "A1",
          givenName: "Ana",
          familyName: "Ruiz",
          birthDate: "1980-04-12",
        });
        const file = readFile(Buffer.from(text), "patients", CONTEXT);
        expect([...file.rows()]).toHaveLength(1);
        const at = (name: string) => order.findIndex(([known]) => known === name) + 1;
        expect(file.columns().ignored.toSorted((one, two) => one.reason.localeCompare(two.reason))).toEqual([
          { position: at("Notes"), reason: "never-kept" },
          { position: at("Ward"), reason: "unknown" },
        ]);
      }),
    );
  });

  it("is kept whatever bad rows stand around it", () => {
    const bad = fc.constantFrom(
      'x,"open',
      'x,"a"b,c,d,e',
      "x",
      ",,,,,,,,",
      "\u202e,\u202e,\u202e,\u202e,\u202e",
      "=1,=1,=1,=1,=1",
      `${"y".repeat(5000)},1,2,3,4`,
      '"',
      "\0,\0,\0,\0,\0",
      "A9,Ana,Ruiz,0000-00-00,",
    );
    const rows = fc.array(
      fc.oneof(
        bad,
        fc.integer({ min: 1, max: 99 }).map((number) => `"G${number}","Ana","Ruiz","1980-04-12",""`),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(rows, (lines) => {
        const text = [PATIENTS, good("first"), ...lines, good("last")].join("\n");
        const kept = rowsOf("patients", text).flatMap((read) =>
          read.what === "row" && read.row.kind === "patients" ? [read.row.externalId] : [],
        );
        const wanted = lines
          .filter((line) => line.startsWith('"G'))
          .map((line) => line.slice(1).split('"')[0]);
        expect(kept).toEqual(["first", ...wanted, "last"]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a file as a whole", () => {
  it.each([
    ["a workbook", "patients", Buffer.from("504b03040000", "hex"), "not_text", []],
    ["nothing", "patients", " \n\n", "empty", []],
    ["XML", "patients", "<Bundle/>", "unknown_format", []],
    ["a list", "patients", "[{}]", "unknown_format", []],
    ["no birth dates", "patients", "mrn,first,last\n1,2,3", "header_incomplete", ["birthDate"]],
    ["no starts", "appointments", "visit id,mrn,time\n1,2,3", "header_incomplete", ["start"]],
    ["a column twice", "appointments", "visit id,mrn,start,Starts At\n1,2,3,4", "column_twice", ["start"]],
    ["a header of 100,000 columns", "patients", ",".repeat(100_000), "too_many_columns", []],
    ["a Bundle of consents", "consents", '{"resourceType":"Bundle"}', "kind_needs_csv", []],
  ] as const)("that holds %s cannot be read", (_what, kind, content, code, fields) => {
    expect(failure(kind, content)).toMatchObject({ code, fields });
  });

  it("may have both the plain and the other column of a thing", () => {
    expect(
      onlyRow(
        "appointments",
        "id,appointment id,mrn,patient id,date,time,location,location id\n1,V1,A1,77,2026-12-01,9:00,nowhere,loc_river",
      ),
    ).toMatchObject({ externalId: "V1", patient: { recordNumber: "A1" }, locationId: "loc_river" });
  });
});

describe("a visit of a CSV file", () => {
  it.each([
    ["2026-12-01T09:30:00-08:00", "2026-12-01T17:30:00.000Z"],
    ["2026-12-01T17:30Z", "2026-12-01T17:30:00.000Z"],
    ["2026-12-01 09:30", "2026-12-01T14:30:00.000Z"],
    ["12/1/2026 9:30 AM", "2026-12-01T14:30:00.000Z"],
    ["12/01/2026 12:05 a.m.", "2026-12-01T05:05:00.000Z"],
    ["1-Dec-2026 2:30pm", "2026-12-01T19:30:00.000Z"],
    ["Dec 1, 2026 2 PM", "2026-12-01T19:00:00.000Z"],
    ["202612010930", "2026-12-01T14:30:00.000Z"],
    ["20261201093000-0600", "2026-12-01T15:30:00.000Z"],
    ["2026-07-01 09:30", "2026-07-01T13:30:00.000Z"],
  ])("starts %s at %s", (start, startsAt) => {
    expect(onlyRow("appointments", visit(start))).toMatchObject({ startsAt });
  });

  it.each([
    ["2026-03-08 02:30", {}, "bad time_does_not_exist start"],
    ["2026-11-01 01:30", {}, "bad time_is_ambiguous start"],
    ["2026-11-01T01:30-04:00", {}, "ok"],
    ["2026-03-08 02:30", { location: "Desert Office" }, "ok"],
    ["2026-11-01 01:30", { location: "LOC_SJU" }, "ok"],
    ["2026-11-01 01:30", { location: "Tamuning" }, "ok"],
    ["2026-03-08 02:30", { "time zone": "Arizona" }, "ok"],
    ["2026-03-08 02:30", { "time zone": "America/Los_Angeles" }, "bad time_does_not_exist start"],
    ["2026-12-01 09:30", { "time zone": "EST" }, "bad bad_time_zone timeZone"],
    ["2026-12-01 09:30", { "time zone": "Etc/GMT+5" }, "bad bad_time_zone timeZone"],
    ["2026-12-01 09:30", { "time zone": "Mars/Olympus" }, "bad bad_time_zone timeZone"],
    ["2026-02-29 09:30", {}, "bad bad_date start"],
    ["2028-02-29 09:30", {}, "ok"],
    ["2026-12-01", {}, "bad missing time"],
    ["2026-12-01 24:00", {}, "bad bad_time start"],
    ["2026-12-01 13:00 PM", {}, "bad bad_time start"],
    ["2026-12-01T09:30-05:60", {}, "bad bad_time start"],
    ["2026-11-01 01:30", { "time zone": "SA Western Standard Time" }, "ok"],
    ["2026-11-01 01:30", { "time zone": "West Pacific Standard Time" }, "ok"],
    ["2026-12-01 9:30 EST", {}, "bad bad_time start"],
    ["", {}, "bad missing start"],
    ["2026-12-01 09:30", { location: "HIV clinic" }, "ok unknown_location"],
    ["2026-12-01 09:30", { provider: "Nobody" }, "ok unknown_provider"],
    ["2026-12-01 09:30", { status: "Rescheduled" }, "ok taken_as_cancelled"],
    ["2026-12-01 09:30", { status: "Unknown" }, "bad bad_value status"],
    ["2026-12-01 09:30", { status: "N/A" }, "bad bad_value status"],
    ["2026-12-01 09:30", { status: "Arrived?!" }, "ok"],
    ["2026-12-01 09:30", { location: "N/A", provider: "-" }, "ok"],
    ["2026-12-01 09:30", { location: "\u202eclinic" }, "ok unknown_location"],
    ["2026-12-01 09:30", { reminders: "none" }, "bad bad_value reminderOffsets"],
    ["unknown", {}, "bad missing start"],
    ["2026-12-01 09:30", { reminders: "PT24H P3D" }, "ok"],
    ["2026-12-01 09:30", { reminders: "soon" }, "bad bad_value reminderOffsets"],
    ["2026-12-01 09:30", { version: "1.5" }, "bad bad_value version"],
  ])("that starts %j with %j", (start, more, outcome) => {
    expect(outcomes("appointments", visit(start, more as Readonly<Record<string, string>>))).toEqual([
      outcome,
    ]);
  });

  it("is in its place's zone: no summer time in Arizona, another day in Guam", () => {
    const at = (location: string) =>
      onlyRow("appointments", visit("2026-07-01 09:30", { location }))["startsAt"];
    expect(at("Desert Office")).toBe("2026-07-01T16:30:00.000Z");
    expect(at("San Juan")).toBe("2026-07-01T13:30:00.000Z");
    expect(at("Tamuning")).toBe("2026-06-30T23:30:00.000Z");
  });

  it("has day and time in one column or in two, and nothing of what it is about", () => {
    const text =
      'Cita,ID cita,Fecha,Hora,Estado,Motivo,Notas,MRN,Provider,Reminders\nx,V1,12/1/2026 0:00,2:30 p. m.,Confirmada,HIV test,depressed,A1,Dr. Lee,"24,72"';
    expect(onlyRow("appointments", text)).toEqual({
      kind: "appointments",
      externalId: "V1",
      patient: { recordNumber: "A1" },
      startsAt: "2026-12-01T19:30:00.000Z",
      timeZone: null,
      locationId: null,
      providerId: "prv_lee",
      status: "booked",
      confirmed: true,
      reminderOffsets: [72, 24],
      sourceVersion: null,
    });
  });

  it("names its patient by record number or by our id", () => {
    const id = "pat_01J00000000000000000000000";
    const text = `visit id,patient id,start\nV1,${id},2026-12-01 09:30\nV2,4711,2026-12-01 09:30`;
    expect(rowsOf("appointments", text)).toMatchObject([
      { row: { patient: { patientId: id } } },
      { row: { patient: { recordNumber: "4711" } } },
    ]);
  });
});

describe("a consent of a CSV file", () => {
  const HEADER = "mrn,purpose,channel,decision,unsecured,number confirmed,opt out,evidence";
  it.each([
    ["A1,scheduling,sms,granted,yes,yes,yes,chart", "ok"],
    ["A1,Citas,mensaje de texto,sí,X,1,true,", "ok"],
    ["A1,portal,email,no,,,,", "ok"],
    ["A1,portal,sms,granted,yes,,yes,", "bad acknowledgement_missing numberConfirmed"],
    ["A1,portal,sms,granted,yes,maybe,yes,", "bad bad_value numberConfirmed"],
    ["A1,marketing,sms,granted,yes,yes,yes,", "bad bad_value purpose"],
    ["A1,portal,fax,granted,yes,yes,yes,", "bad bad_value channel"],
    ["A1,portal,sms,,yes,yes,yes,", "bad missing decision"],
    [",portal,sms,granted,yes,yes,yes,", "bad missing patient"],
    ['A1,portal,sms,granted,yes,yes,yes,"=cmd|calc"', "bad formula evidence"],
  ])("%j is %s", (row, outcome) => {
    expect(outcomes("consents", `${HEADER}\n${row}`)).toEqual([outcome]);
  });
});
