import type { ApiMethod, RestApi } from "./rest-apis.ts";

/** A request that reached a method, with the decoded values of its path parameters. */
export type RouteMatch = {
  readonly method: ApiMethod;
  readonly pathParameters: Readonly<Record<string, string>>;
};

/** What a path leads to: a method, nothing, or a path that is not well formed. */
export type RouteResult =
  | { readonly kind: "match"; readonly match: RouteMatch }
  | { readonly kind: "none" }
  | { readonly kind: "malformed" };

type Node = {
  readonly fixed: Map<string, Node>;
  variable?: { readonly name: string; readonly node: Node };
  greedy?: { readonly name: string; readonly node: Node };
  readonly methods: Map<string, ApiMethod>;
};

const emptyNode = (): Node => ({ fixed: new Map(), methods: new Map() });

/**
 * Builds the router of one API. Literal parts win over `{name}`, and `{name}` over `{name+}`, as in API Gateway.
 * The path is the part after the stage; parts are split before they are decoded, dot parts and empty parts match nothing.
 */
export function createRouter(
  api: Pick<RestApi, "methods">,
): (httpMethod: string, path: string) => RouteResult {
  const root = emptyNode();
  for (const method of api.methods) place(root, method);
  return (httpMethod, path) => {
    const raw = path.replace(/^\//u, "").replace(/\/$/u, "");
    const parts = raw === "" ? [] : raw.split("/");
    const decoded: string[] = [];
    for (const part of parts) {
      try {
        decoded.push(decodeURIComponent(part));
      } catch {
        return { kind: "malformed" };
      }
    }
    // oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused here
    if (decoded.some((part) => /[\u0000-\u001f\u007f]/u.test(part))) return { kind: "malformed" };
    if (decoded.some((part) => part === "" || part === "." || part === "..")) return { kind: "none" };
    const match = descend(root, decoded, 0, {}, httpMethod);
    return match === undefined ? { kind: "none" } : { kind: "match", match };
  };
}

function place(root: Node, method: ApiMethod): void {
  let node = root;
  for (const part of method.resourcePath.split("/").filter((each) => each !== "")) {
    const greedy = /^\{([^}]+)\+\}$/u.exec(part)?.[1];
    const variable = /^\{([^}+]+)\}$/u.exec(part)?.[1];
    if (greedy !== undefined) {
      node.greedy ??= { name: greedy, node: emptyNode() };
      node = node.greedy.node;
    } else if (variable !== undefined) {
      node.variable ??= { name: variable, node: emptyNode() };
      node = node.variable.node;
    } else {
      const next = node.fixed.get(part) ?? emptyNode();
      node.fixed.set(part, next);
      node = next;
    }
  }
  node.methods.set(method.httpMethod, method);
}

function descend(
  node: Node,
  parts: readonly string[],
  index: number,
  pathParameters: Readonly<Record<string, string>>,
  httpMethod: string,
): RouteMatch | undefined {
  const part = parts[index];
  if (part === undefined) {
    const method = node.methods.get(httpMethod) ?? node.methods.get("ANY");
    return method === undefined ? undefined : { method, pathParameters };
  }
  const fixed = node.fixed.get(part);
  // A literal resource hides its siblings even where it lacks the method.
  if (fixed !== undefined) return descend(fixed, parts, index + 1, pathParameters, httpMethod);
  if (node.variable !== undefined) {
    const { name, node: next } = node.variable;
    const found = descend(next, parts, index + 1, { ...pathParameters, [name]: part }, httpMethod);
    if (found !== undefined) return found;
  }
  if (node.greedy !== undefined) {
    const { name, node: next } = node.greedy;
    return descend(
      next,
      parts,
      parts.length,
      { ...pathParameters, [name]: parts.slice(index).join("/") },
      httpMethod,
    );
  }
  return undefined;
}
