import { copyFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duration } from "aws-cdk-lib";
import { type IGrantable, type IPrincipal, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  Code,
  type IFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { allow } from "./allow.ts";
import { EncryptedLogGroup, type LogSettings } from "./encrypted-log-group.ts";

/** Context key under which tests synthesize without bundled code. */
export const PLACEHOLDER_CODE_CONTEXT = "foundphone:placeholder-code";

const BUNDLES = join(import.meta.dirname, "../../build/functions");

/** What one function needs; `Environment` comes from the function's own env.ts. */
export interface ServiceFunctionProps<Environment> {
  /** Folder under functions/. */
  readonly name: string;
  readonly environment: Environment & { readonly [Name in keyof Environment]: string };
  readonly logs: LogSettings;
  readonly timeout: Duration;
  readonly memorySizeMebibytes?: number;
  /** Files of the bundle that this deployment has no use for. */
  readonly without?: readonly string[];
  /** Files of this deployment that lie beside the bundle: name there, path here. */
  readonly files?: Readonly<Record<string, string>>;
  /** Off where a trace would hold a link token. */
  readonly tracing?: boolean;
}

/** A copy of the bundle with the files that join it, until the CDK has taken it over; undefined without any. */
function copyWithFiles({ name, files = {} }: Pick<ServiceFunctionProps<unknown>, "name" | "files">) {
  if (Object.keys(files).length === 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), `foundphone-${name}-`));
  cpSync(join(BUNDLES, name), folder, { recursive: true });
  for (const [file, path] of Object.entries(files)) copyFileSync(path, join(folder, file));
  return folder;
}

/** One Lambda function with its own role, its own encrypted log group, and no permission besides writing to that. */
export class ServiceFunction<Environment> extends Construct implements IGrantable {
  readonly name: string;
  readonly function: IFunction;
  readonly grantPrincipal: IPrincipal;
  /** For resource policies that know this function alone. */
  readonly roleArn: string;
  readonly timeout: Duration;
  readonly logGroup: EncryptedLogGroup;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps<Environment>) {
    super(scope, id);
    this.name = props.name;
    this.timeout = props.timeout;
    const role = new Role(this, "Role", {
      description: `Foundphone: functions/${props.name}`,
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    });
    this.grantPrincipal = role;
    this.roleArn = role.roleArn;
    this.logGroup = new EncryptedLogGroup(this, "Logs", props.logs);
    allow(role, {
      sid: "WriteOwnLogs",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [this.logGroup.logGroup.logGroupArn],
    });
    const placeholder = this.node.tryGetContext(PLACEHOLDER_CODE_CONTEXT) === true;
    const copy = placeholder ? undefined : copyWithFiles(props);
    this.function = new LambdaFunction(this, "Resource", {
      description: `functions/${props.name}/index.ts`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: placeholder
        ? Code.fromInline("export const handler = () => {};")
        : Code.fromAsset(copy ?? join(BUNDLES, props.name), { exclude: [...(props.without ?? [])] }),
      role,
      timeout: props.timeout,
      memorySize: props.memorySizeMebibytes ?? 512,
      loggingFormat: LoggingFormat.JSON,
      logGroup: this.logGroup.logGroup,
      tracing: props.tracing === false ? Tracing.DISABLED : Tracing.ACTIVE,
      environment: {
        ...props.environment,
        NODE_OPTIONS: "--enable-source-maps",
      },
    });
    if (copy !== undefined) rmSync(copy, { recursive: true });
  }
}
