import { randomBytes } from "node:crypto";
import { numberOf, recordOf } from "../../json-shape.ts";
import type { Tables } from "../dynamodb/tables.ts";
import type { Template } from "../template.ts";

/** A table of the template, as exports need it. */
export type ExportedTable = {
  /** Its physical name. */
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly createdMs: number;
  /** How far back point-in-time recovery reaches, in days; undefined where the template does not turn it on. */
  readonly recoveryDays: number | undefined;
};

const RECOVERY_DAYS_DEFAULT = 35;

/** Finds a table by ARN, physical name, logical or construct id. */
export function findTable(template: Template, tables: Tables, reference: string): ExportedTable | undefined {
  const name = /^arn:aws:dynamodb:[^/]+:table\/([^/]+)$/u.exec(reference)?.[1] ?? reference;
  const resource = template.find("AWS::DynamoDB::Table", name);
  if (resource === undefined) return undefined;
  const arn = template.attribute(resource.logicalId, "Arn");
  if (reference.startsWith("arn:") && reference !== arn) return undefined;
  const description = tables.describe(template.physicalId(resource.logicalId));
  const { PointInTimeRecoveryEnabled: isOn, RecoveryPeriodInDays: days } = recordOf(
    resource.properties["PointInTimeRecoverySpecification"],
  );
  return {
    name: description.TableName,
    arn,
    id: description.TableId,
    createdMs: description.CreationDateTime * 1000,
    recoveryDays: isOn === true ? (numberOf(days) ?? RECOVERY_DAYS_DEFAULT) : undefined,
  };
}

/** An id that no two exports share: the time in 14 digits and eight characters of chance. */
export function newExportId(nowMs: number): string {
  return `${String(nowMs).padStart(14, "0")}-${randomBytes(4).toString("hex")}`;
}
