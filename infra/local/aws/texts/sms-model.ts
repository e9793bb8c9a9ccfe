import { readFileSync } from "node:fs";
import { isRecord, type JsonRecord, listOf, numberOf, recordOf, textOf } from "../../json-shape.ts";
import { awsError, unknownOperation } from "../aws-error.ts";

/** The service's published API model: shapes by name, and the input shape of each operation. */
const model: JsonRecord = JSON.parse(
  readFileSync(new URL("../sms-model.json", import.meta.url), "utf8"),
) as JsonRecord;
const shapes = recordOf(model["shapes"]);
const operations = recordOf(model["operations"]);

/** The values that the model allows for an enumeration. */
export function modelEnum(shape: string): readonly string[] {
  return listOf(recordOf(shapes[shape])["enum"]).map(String);
}

/**
 * Checks a request against the input shape of its operation: required members, unknown members, types, lengths, sizes,
 * ranges, patterns and enumerations. Throws ValidationException, which names the member and never its value.
 */
export function validateInput(operation: string, input: JsonRecord): void {
  const shape = textOf(recordOf(operations[operation])["input"]);
  if (shape === undefined) throw unknownOperation(operation);
  validate(shape, input, "");
}

function validate(shapeName: string, value: unknown, path: string): void {
  const shape = recordOf(shapes[shapeName]);
  const type = textOf(shape["type"]);
  switch (type) {
    case "structure":
      return validateStructure(shape, value, path);
    case "list": {
      if (!Array.isArray(value)) throw invalid(path, "is not a list");
      validateRange(shape, value.length, path, "size");
      const member = textOf(shape["member"]);
      if (member === undefined) throw new Error(`The API model gives no member shape for ${shapeName}.`);
      value.forEach((item, index) => {
        validate(member, item, `${path}[${index}]`);
      });
      return;
    }
    case "map": {
      if (!isRecord(value)) throw invalid(path, "is not a map");
      const entries = Object.entries(value);
      validateRange(shape, entries.length, path, "size");
      const [keyShape, valueShape] = [textOf(shape["key"]), textOf(shape["value"])];
      if (keyShape === undefined || valueShape === undefined)
        throw new Error(`The API model gives no key and value shapes for ${shapeName}.`);
      for (const [key, item] of entries) {
        validate(keyShape, key, `${path}.key`);
        validate(valueShape, item, `${path}.value`);
      }
      return;
    }
    case "string":
      return validateText(shape, value, path);
    case "integer":
    case "long":
      if (typeof value !== "number" || !Number.isInteger(value)) throw invalid(path, "is not an integer");
      return validateRange(shape, value, path, "value");
    case "boolean":
      if (typeof value !== "boolean") throw invalid(path, "is not a boolean");
      return;
    default:
      throw new Error(`The local host does not know the shape type ${type ?? "none"} of the API model.`);
  }
}

function validateStructure(shape: JsonRecord, value: unknown, path: string): void {
  if (!isRecord(value)) throw invalid(path, "is not a structure");
  const members = recordOf(shape["members"]);
  for (const name of listOf(shape["required"]).map(String)) {
    if (value[name] == null) throw invalid(join(path, name), "must not be null", "MISSING_PARAMETER");
  }
  for (const [name, item] of Object.entries(value)) {
    const memberShape = textOf(members[name]);
    if (memberShape === undefined) throw invalid(join(path, name), "is not a member");
    if (item != null) validate(memberShape, item, join(path, name));
  }
}

function validateText(shape: JsonRecord, value: unknown, path: string): void {
  if (typeof value !== "string") throw invalid(path, "is not text");
  validateRange(shape, value.length, path, "length");
  const pattern = textOf(shape["pattern"]);
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, "u").test(value))
    throw invalid(path, "does not satisfy its pattern");
  const allowed = listOf(shape["enum"]);
  if (allowed.length > 0 && !allowed.includes(value)) throw invalid(path, "is not one of its values");
}

function validateRange(shape: JsonRecord, size: number, path: string, what: string): void {
  const [min, max] = [numberOf(shape["min"]), numberOf(shape["max"])];
  if (min !== undefined && size < min) throw invalid(path, `has a ${what} below ${min}`);
  if (max !== undefined && size > max) throw invalid(path, `has a ${what} above ${max}`);
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function invalid(path: string, problem: string, reason = "FIELD_VALIDATION_FAILED"): Error {
  const message = `The field ${path} ${problem}.`;
  return awsError("ValidationException", message, {
    Reason: reason,
    Fields: [{ Name: path, Message: message }],
  });
}
