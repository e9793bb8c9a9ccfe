/** A permission that a function is treated as lacking, whatever the template's policies say. */
export type Denial = {
  /** The function as it stands in call records. */
  readonly function: string;
  /** With its service prefix: `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN of the resource, and of what is below it. */
  readonly resource: string;
};

/** The denials that are set. */
export type Denials = {
  add(denial: Denial): void;
  list(): readonly Denial[];
  clear(): void;
  denies(call: Denial): boolean;
};

/** No denials, until some are added. */
export function createDenials(): Denials {
  let denials: readonly Denial[] = [];
  return {
    add: (denial) => {
      denials = [...denials, denial];
    },
    list: () => denials,
    clear: () => {
      denials = [];
    },
    denies: (call) =>
      denials.some(
        ({ function: name, action, resource }) =>
          name === call.function &&
          action === call.action &&
          (call.resource === resource || call.resource.startsWith(`${resource}/`)),
      ),
  };
}
