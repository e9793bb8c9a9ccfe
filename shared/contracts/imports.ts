import * as z from "zod";
import { idPattern } from "../domain/ids.ts";
import { FIELDS, FILE_CODES, IMPORT_KINDS, IMPORT_STATES, ROW_CODES } from "../domain/imports/kinds.ts";
import { Time } from "./fields.ts";

export const ImportId = z.string().regex(idPattern("imp")).meta({ id: "ImportId" });

const Kind = z.enum(IMPORT_KINDS).meta({ id: "ImportKind" });
const Field = z.enum(FIELDS).meta({ id: "ImportField" });

/** `POST /v1/imports`. */
export const RequestImportRequest = z
  .strictObject({
    kind: Kind,
    dryRun: z.boolean().optional().meta({ description: "Only says what would come of it." }),
  })
  .meta({
    id: "RequestImportRequest",
    description: "The file is CSV with a header, or a FHIR R4 Bundle in JSON (patients and appointments).",
  });

/** A form for the file; to be posted as multipart/form-data, the field `file` last. */
export const ImportAsked = z
  .strictObject({
    id: ImportId,
    upload: z.strictObject({ url: z.string(), fields: z.record(z.string(), z.string()) }),
    expiresInSeconds: z.int().meta({ description: "The upload has to begin within this time." }),
  })
  .meta({ id: "ImportAsked" });

/** Query of `GET /v1/imports/{id}`. */
export const ReadImportQuery = z.strictObject({
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,5}$/)
    .optional(),
});

const Count = z.int();

/** How an import stands, with a page of its report; nothing of the file's words is in it. */
export const ImportResponse = z
  .strictObject({
    id: ImportId,
    kind: Kind,
    dryRun: z.boolean(),
    state: z.enum(IMPORT_STATES).meta({ description: "`waiting` for the upload; `expired`: none came." }),
    failure: z
      .strictObject({
        code: z.enum(FILE_CODES),
        fields: z.array(Field).meta({ description: "What the header lacks, or has twice." }),
      })
      .nullable(),
    requestedAt: Time,
    changedAt: Time,
    progress: z.number().min(0).max(1),
    counts: z.strictObject({
      total: Count,
      done: Count,
      warnings: Count.meta({ description: "Rows that were kept with a warning, most without something." }),
      created: Count,
      changed: Count,
      unchanged: Count,
      existing: Count.meta({ description: "Of a dry run: patients that are known; no details are opened." }),
      refused: Count,
      ignored: Count.meta({ description: "Rows and resources that were passed over on purpose." }),
    }),
    columns: z.strictObject({
      used: z.array(z.strictObject({ position: Count, field: z.string() })),
      ignored: z.array(
        z.strictObject({ position: Count, reason: z.enum(["unknown", "never-kept"]) }).meta({
          description: "`never-kept`: types, reasons and notes of visits are not read.",
        }),
      ),
    }),
    rows: z.array(
      z.strictObject({
        line: Count.meta({ description: "Of a CSV file; the number of the entry of a Bundle." }),
        code: z.enum(ROW_CODES),
        column: Field.optional(),
        otherLine: Count.optional().meta({ description: "The line that a `conflicting_rows` contradicts." }),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "Import" });
