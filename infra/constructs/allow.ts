import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";

/** One allow statement: exact actions on exact resources. */
export interface Allowance {
  /** What the statement is for, in the words of the domain. */
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Adds `allowance` to the role policy of `grantee`. */
export function allow(grantee: IGrantable, { sid, actions, resources, conditions }: Allowance): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      sid,
      actions: [...actions],
      resources: [...resources],
      ...(conditions === undefined ? {} : { conditions: { ...conditions } }),
    }),
  );
}
