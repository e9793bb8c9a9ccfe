import * as z from "zod";
import { LanguageField, PatientId, PurposeField, plainText, Time, TimeZone } from "./fields.ts";

/** Mobile number in E.164; only countries of the North American plan can be texted (DESIGN §2). */
const MobilePhone = z
  .string()
  .regex(/^\+1[2-9]\d{9}$/)
  .meta({ id: "MobilePhone", description: "E.164 with +1, such as +12065550100." });

const BirthDate = z.iso
  .date()
  .refine((date) => date >= "1875-01-01" && date <= new Date().toISOString().slice(0, 10))
  .meta({ id: "BirthDate" });

/** What the patient asked for (45 CFR 164.522(b)); kept as a hard limit on every send. */
export const Constraints = z
  .strictObject({
    neverText: z.boolean().optional(),
    neverEmail: z.boolean().optional(),
    neverAbout: z.array(PurposeField).max(6).optional(),
  })
  .meta({ id: "Constraints" });

const patientFields = {
  externalId: plainText(100).meta({ description: "The patient's record number at the practice." }),
  givenName: plainText(100),
  familyName: plainText(100),
  birthDate: BirthDate,
  mobilePhone: MobilePhone.optional(),
  email: z.email().max(254).optional(),
  language: LanguageField.optional(),
  timeZone: TimeZone.optional(),
  constraints: Constraints.optional(),
};

/** `POST /v1/patients`. */
export const CreatePatientRequest = z.strictObject(patientFields).meta({ id: "CreatePatientRequest" });
export type CreatePatientRequest = z.infer<typeof CreatePatientRequest>;

/** `PATCH /v1/patients/{id}`: only what changes; null removes a contact detail. */
export const ChangePatientRequest = z
  .strictObject({
    givenName: patientFields.givenName.optional(),
    familyName: patientFields.familyName.optional(),
    birthDate: patientFields.birthDate.optional(),
    mobilePhone: MobilePhone.nullable().optional(),
    email: z.email().max(254).nullable().optional(),
    language: LanguageField.optional(),
    timeZone: TimeZone.optional(),
    constraints: Constraints.optional(),
  })
  .refine((change) => Object.keys(change).length > 0)
  .meta({ id: "ChangePatientRequest" });
export type ChangePatientRequest = z.infer<typeof ChangePatientRequest>;

/** `POST /v1/patients/lookup`. */
export const LookupPatientRequest = z
  .strictObject({ externalId: patientFields.externalId })
  .meta({ id: "LookupPatientRequest" });

/** A patient as staff see it. */
export const PatientResponse = z
  .strictObject({
    id: PatientId,
    externalId: z.string(),
    givenName: z.string(),
    familyName: z.string(),
    birthDate: z.string(),
    mobilePhone: z.string().nullable(),
    email: z.string().nullable(),
    language: LanguageField,
    timeZone: z.string().nullable(),
    constraints: Constraints,
    createdAt: Time,
    version: z.int(),
  })
  .meta({ id: "Patient" });
export type PatientResponse = z.infer<typeof PatientResponse>;

/** Where a looked-up patient is. */
export const LookupPatientResponse = z.strictObject({ id: PatientId }).meta({ id: "PatientMatch" });
