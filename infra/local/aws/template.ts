import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { isRecord, type JsonRecord, listOf, recordOf, textOf } from "../json-shape.ts";
import { type PhysicalNames, type Place, physicalNames } from "./physical-names.ts";

/** A resource as it stands in the template. */
export type RawResource = {
  readonly Type: string;
  readonly Properties?: JsonRecord | undefined;
  readonly Metadata?: JsonRecord | undefined;
  readonly Condition?: string | undefined;
};

/** A resource with every intrinsic of its properties resolved. */
export type ResolvedResource = {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonRecord;
};

/** The synthesized template, seen as if it were deployed at `account`, `region` and the gateway. */
export type Template = {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly gatewayUrl: string;
  readonly resources: Readonly<Record<string, RawResource>>;
  /** Resolves every intrinsic function inside `value`; throws on one that it does not know. */
  resolve(value: unknown): unknown;
  /** What `Ref` of the resource gives. */
  physicalId(logicalId: string): string;
  /** What `Fn::GetAtt` of the resource gives; throws for an attribute that this host does not know. */
  attribute(logicalId: string, name: string): string;
  /** Every resource of one type, resolved, in template order. */
  byType(type: string): readonly ResolvedResource[];
  /** The name the construct has in the code: the last part of its path that is not CDK's own. */
  constructId(logicalId: string): string;
  /** The value of an output, or undefined where the template has none of that name. */
  output(name: string): string | undefined;
  /** The one resource of `type` called so: by logical id, physical name, or construct id. */
  find(type: string, name: string): ResolvedResource | undefined;
};

/** Where a template is loaded to, and the values of its parameters that have no default. */
export type TemplateSettings = {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly gatewayUrl: string;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
};

/** Reads a synthesized template file. The stack is called as the file is (`NAME.template.json`). */
export function loadTemplate(path: string, settings: TemplateSettings): Template {
  const document: unknown = JSON.parse(readFileSync(path, "utf8"));
  return parseTemplate(recordOf(document), basename(path).replace(/\.template\.json$/, ""), settings);
}

/** The same for a template that is already in memory. */
export function parseTemplate(document: JsonRecord, stackName: string, settings: TemplateSettings): Template {
  const place: Place = {
    account: settings.account ?? "000000000000",
    region: settings.region ?? "us-east-1",
    stackName,
    gatewayUrl: settings.gatewayUrl,
  };
  const resources = Object.fromEntries(
    Object.entries(recordOf(document["Resources"])).flatMap(([logicalId, resource]) => {
      const raw = rawResource(logicalId, resource);
      return raw === undefined ? [] : [[logicalId, raw] as const];
    }),
  );
  const parameters = recordOf(document["Parameters"]);
  const outputs = recordOf(document["Outputs"]);
  const names = new Map<string, PhysicalNames>();

  const namesOf = (logicalId: string): PhysicalNames => {
    const known = names.get(logicalId);
    if (known !== undefined) return known;
    const resource = resources[logicalId];
    if (resource === undefined) throw new Error(`The template has no resource ${logicalId}.`);
    const found = physicalNames(
      place,
      resource.Type,
      logicalId,
      nameProperties(resource.Properties, resolve),
    );
    names.set(logicalId, found);
    return found;
  };

  const reference = (name: string): unknown => {
    if (name.startsWith("AWS::")) return pseudoParameter(place, name);
    const parameter = parameters[name];
    if (isRecord(parameter)) {
      const value = settings.parameters?.[name] ?? parameter["Default"];
      if (value === undefined) throw new Error(`The template parameter ${name} has no value.`);
      return value;
    }
    return namesOf(name).ref;
  };

  const attribute = (logicalId: string, name: string): string => {
    const value = namesOf(logicalId).attributes[name];
    if (value === undefined)
      throw new Error(`The local host does not know the attribute ${name} of ${logicalId}.`);
    return value;
  };

  const resolve = (value: unknown): unknown => {
    if (typeof value === "string") {
      if (value.includes("{{resolve:"))
        throw new Error("The local host does not resolve dynamic references.");
      return value;
    }
    if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== undefined);
    if (!isRecord(value)) return value;
    const keys = Object.keys(value);
    const [first] = keys;
    if (
      keys.length === 1 &&
      first !== undefined &&
      (first === "Ref" ||
        (first === "Condition" && typeof value[first] === "string") ||
        first.startsWith("Fn::"))
    ) {
      return intrinsic(first, value[first]);
    }
    const resolved = keys
      .map((key) => [key, resolve(value[key])] as const)
      .filter(([, item]) => item !== undefined);
    return Object.fromEntries(resolved);
  };

  const text = (value: unknown, intrinsicName: string): string => {
    const resolved = resolve(value);
    if (typeof resolved === "string") return resolved;
    if (typeof resolved === "number" || typeof resolved === "boolean") return String(resolved);
    throw new Error(`${intrinsicName} needs text.`);
  };

  const intrinsic = (name: string, argument: unknown): unknown => {
    switch (name) {
      case "Ref":
        return reference(text(argument, name));
      case "Fn::GetAtt": {
        const parts =
          typeof argument === "string"
            ? argument.split(".")
            : listOf(argument).map((part) => text(part, name));
        const [logicalId = "", ...rest] = parts;
        return attribute(logicalId, rest.join("."));
      }
      case "Fn::Join": {
        const [separator, list] = listOf(argument);
        const items = resolve(list);
        if (!Array.isArray(items)) throw new Error("Fn::Join needs a list.");
        return items.map((item) => text(item, name)).join(text(separator, name));
      }
      case "Fn::Select": {
        const [index, list] = listOf(argument);
        const items = resolve(list);
        const item: unknown = Array.isArray(items) ? items[Number(resolve(index))] : undefined;
        if (item === undefined) throw new Error("Fn::Select names no item.");
        return item;
      }
      case "Fn::Split": {
        const [separator, source] = listOf(argument);
        return text(source, name).split(text(separator, name));
      }
      case "Fn::Sub": {
        const [pattern, variables] =
          typeof argument === "string"
            ? [argument, {}]
            : [textOf(listOf(argument)[0]) ?? "", recordOf(listOf(argument)[1])];
        return pattern.replaceAll(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, variable: string) => {
          if (literal === "!") return `\${${variable}}`;
          if (variable in variables) return text(variables[variable], name);
          const [logicalId = "", ...rest] = variable.split(".");
          return rest.length === 0 ? text({ Ref: logicalId }, name) : attribute(logicalId, rest.join("."));
        });
      }
      default:
        throw new Error(`The local host does not know the intrinsic function ${name}.`);
    }
  };

  const resolved = new Map<string, ResolvedResource>();
  const resolvedResource = (logicalId: string, resource: RawResource): ResolvedResource => {
    const known = resolved.get(logicalId);
    if (known !== undefined) return known;
    const properties = recordOf(resolve(resource.Properties ?? {}));
    const made = { logicalId, type: resource.Type, properties };
    resolved.set(logicalId, made);
    return made;
  };
  const byType = (type: string): readonly ResolvedResource[] =>
    Object.entries(resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, resource]) => resolvedResource(logicalId, resource));
  const constructId = (logicalId: string): string => {
    const path = textOf(recordOf(resources[logicalId]?.Metadata)["aws:cdk:path"])?.split("/") ?? [];
    // Without the path: CDK ends a logical id with eight digits of a hash.
    return (
      path.filter((part) => part !== "Resource" && part !== "Default").at(-1) ??
      logicalId.replace(/[0-9A-F]{8}$/, "")
    );
  };

  return {
    account: place.account,
    region: place.region,
    stackName,
    gatewayUrl: place.gatewayUrl,
    resources,
    resolve,
    physicalId: (logicalId) => namesOf(logicalId).ref,
    attribute,
    byType,
    constructId,
    output: (name) => textOf(resolve(recordOf(outputs[name])["Value"])),
    find: (type, name) => {
      const all = byType(type);
      return (
        all.find(({ logicalId }) => logicalId === name || namesOf(logicalId).ref === name) ??
        all.find(({ logicalId }) => constructId(logicalId) === name)
      );
    },
  };
}

function rawResource(logicalId: string, value: unknown): RawResource | undefined {
  const resource = recordOf(value);
  const type = textOf(resource["Type"]);
  if (type === undefined) throw new Error(`The resource ${logicalId} has no type.`);
  const condition = textOf(resource["Condition"]);
  if (condition !== undefined) {
    // CDK's own usage metadata is the one conditional resource that may be left out without changing what runs.
    if (type === "AWS::CDK::Metadata") return undefined;
    throw new Error(`The local host does not evaluate the condition of the resource ${logicalId}.`);
  }
  return {
    Type: type,
    Properties: isRecord(resource["Properties"]) ? resource["Properties"] : undefined,
    Metadata: isRecord(resource["Metadata"]) ? resource["Metadata"] : undefined,
  };
}

/** Only what names are made of is resolved: resolving everything here would run in circles between resources. */
function nameProperties(
  properties: JsonRecord | undefined,
  resolve: (value: unknown) => unknown,
): JsonRecord {
  const naming = /(Name|Identifier|Domain|EmailIdentity)$/;
  return Object.fromEntries(
    Object.entries(properties ?? {})
      .filter(([key]) => naming.test(key))
      .map(([key, value]) => [key, resolve(value)]),
  );
}

function pseudoParameter(place: Place, name: string): string | undefined {
  switch (name) {
    case "AWS::AccountId":
      return place.account;
    case "AWS::Region":
      return place.region;
    case "AWS::Partition":
      return "aws";
    case "AWS::URLSuffix":
      return "amazonaws.com";
    case "AWS::StackName":
      return place.stackName;
    case "AWS::StackId":
      return `arn:aws:cloudformation:${place.region}:${place.account}:stack/${place.stackName}/local`;
    case "AWS::NoValue":
      return undefined;
    default:
      throw new Error(`The local host does not know the pseudo parameter ${name}.`);
  }
}
