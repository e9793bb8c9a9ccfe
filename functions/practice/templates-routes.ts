import { json, type Routes } from "#functions/http/api.ts";
import { keyedBy } from "#functions/http/keyed.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { actorOf, allow, ifMatch, jsonBody, pathParameter, query } from "#functions/http/request.ts";
import {
  DecideTemplateRequest,
  ListTemplatesQuery,
  OwnTemplateId,
  TemplateId,
  TemplateList,
  TemplateResponse,
  TemplateWritten,
  WriteTemplateRequest,
} from "#shared/contracts/templates.ts";
import { roleFor } from "#shared/domain/roles.ts";
import { writeTemplate } from "#shared/domain/templates/parse.ts";
import { createDecideTemplate, createWithdrawTemplate } from "#shared/vocabulary/decide-template.ts";
import type { PageOf, TemplateFinding, TemplatePorts } from "#shared/vocabulary/ports.ts";
import type { TemplateRecord } from "#shared/vocabulary/records.ts";
import type { ShippedTemplate } from "#shared/vocabulary/shipped-list.ts";
import { createWriteTemplate } from "#shared/vocabulary/write-template.ts";

const PAGE_DEFAULT = 50;
const SHIPPED_CURSOR = "shipped~";

/** What the routes about templates need. */
export type TemplateRoutesPorts = TemplatePorts & {
  readonly templatePages: PageOf<TemplateRecord>;
  /** Those that ship with the product, by id. */
  readonly shippedTemplates: () => Promise<readonly ShippedTemplate[]>;
  readonly indexMac: (...fields: readonly string[]) => Promise<Uint8Array>;
};

function shownOwn({ newest, ...template }: TemplateRecord) {
  const { id, name, use, purpose, state, inForce, decidedBy, decidedAt } = template;
  const { en, es } = newest.texts;
  return {
    id,
    origin: "own",
    name,
    use,
    purpose,
    version: newest.version,
    state,
    inForce,
    texts: {
      en: { text: writeTemplate(en.parts), reviewer: en.reviewer },
      es: { text: writeTemplate(es.parts), reviewer: es.reviewer },
    },
    author: newest.author,
    writtenAt: newest.writtenAt,
    decidedBy,
    decidedAt,
  };
}

function shownShipped({ id, use, purpose, version, texts }: ShippedTemplate) {
  return {
    id,
    origin: "shipped",
    name: id,
    use,
    purpose,
    version,
    state: "approved",
    inForce: version,
    texts: {
      en: { text: writeTemplate(texts.en), reviewer: null },
      es: { text: writeTemplate(texts.es), reviewer: null },
    },
    author: null,
    writtenAt: null,
    decidedBy: null,
    decidedAt: null,
  };
}

function unfit(findings: readonly TemplateFinding[]): ApiProblem {
  return new ApiProblem("unprocessable", {
    detail: "The template cannot be used as it is written; every finding is listed.",
    findings,
  });
}

/** Templates: what is written, what a second person approves, what is withdrawn. */
export function createTemplateRoutes(ports: TemplateRoutesPorts): Routes {
  const write = createWriteTemplate(ports);
  const decide = createDecideTemplate(ports);
  const withdraw = createWithdrawTemplate(ports);
  return {
    "GET /templates": async (event) => {
      allow(event, "vocabulary.read");
      const { state, limit = PAGE_DEFAULT, cursor } = query(event, ListTemplatesQuery);
      const shippedFrom = cursor?.startsWith(SHIPPED_CURSOR)
        ? Number(cursor.slice(SHIPPED_CURSOR.length))
        : undefined;
      if (shippedFrom === undefined) {
        const { items, more } = await ports.templatePages(limit, cursor ?? null);
        const last = items.at(-1);
        return json(
          200,
          TemplateList.parse({
            items: items.filter((one) => state === undefined || one.state === state).map(shownOwn),
            nextCursor: more && last !== undefined ? last.id : `${SHIPPED_CURSOR}0`,
          }),
        );
      }
      const shipped = await ports.shippedTemplates();
      const page = shipped.slice(shippedFrom, shippedFrom + limit);
      const next = shippedFrom + page.length;
      return json(
        200,
        TemplateList.parse({
          items: state === undefined || state === "approved" ? page.map(shownShipped) : [],
          nextCursor: next < shipped.length ? `${SHIPPED_CURSOR}${next}` : null,
        }),
      );
    },
    "GET /templates/{id}": async (event) => {
      allow(event, "vocabulary.read");
      const id = pathParameter(event, "id", TemplateId);
      if (!OwnTemplateId.safeParse(id).success) {
        const shipped = (await ports.shippedTemplates()).find((one) => one.id === id);
        if (shipped === undefined) throw new ApiProblem("not_found");
        return json(200, TemplateResponse.parse(shownShipped(shipped)));
      }
      const [template] = await ports.read(ports.templates.template(id));
      if (template === undefined) throw new ApiProblem("not_found");
      return json(200, TemplateResponse.parse(shownOwn(template)), template.revision);
    },
    "POST /templates": async (event) => {
      const caller = allow(event, "template.write");
      const draft = jsonBody(event, WriteTemplateRequest);
      const keyed = await keyedBy(event, caller, "POST /templates", draft, ports.indexMac);
      const outcome = await write({ ...draft, id: draft.id }, ifMatch(event), caller, keyed);
      switch (outcome.kind) {
        case "written": {
          const { id, version, revision } = outcome;
          return json(201, TemplateWritten.parse({ id, version, state: "draft" }), revision);
        }
        case "unfit":
          throw unfit(outcome.findings);
        case "unknown":
          throw new ApiProblem("not_found");
        case "withdrawn":
          throw new ApiProblem("version_conflict", { detail: "It was withdrawn, which is for good." });
        case "other-use":
          throw new ApiProblem("unprocessable", {
            detail: "A template keeps its use: write another one.",
            pointer: "/use",
          });
        case "too-many":
          throw new ApiProblem("unprocessable", {
            detail: "There are 100 templates: withdraw one that is not needed.",
          });
        case "version-conflict":
          throw new ApiProblem("version_conflict");
        case "idempotency-conflict":
          throw new ApiProblem("idempotency_conflict");
        default:
          return outcome satisfies never;
      }
    },
    "POST /templates/{id}/approval": async (event) => {
      const caller = allow(event, "template.approve");
      const id = pathParameter(event, "id", OwnTemplateId);
      // Approving what is newest needs no body.
      const { decision, version } = event.body
        ? jsonBody(event, DecideTemplateRequest)
        : DecideTemplateRequest.parse({});
      const outcome = await decide(id, { decision, version, revision: ifMatch(event) }, caller);
      switch (outcome.kind) {
        case "decided":
          return json(200, TemplateResponse.parse(shownOwn(outcome.template)), outcome.template.revision);
        case "unfit":
          throw unfit(outcome.findings);
        case "unknown":
          throw new ApiProblem("not_found");
        case "own-work":
          throw new ApiProblem("forbidden", { detail: "Whoever wrote a version does not decide on it." });
        case "decided-already":
          throw new ApiProblem("version_conflict", { detail: "This version was decided on already." });
        case "version-conflict":
          throw new ApiProblem("version_conflict");
        case "use-taken":
          throw new ApiProblem("unprocessable", {
            detail: "Another template of the practice's own is in force for this use: withdraw or edit that.",
          });
        case "too-large":
          throw new ApiProblem("unprocessable", {
            detail: "There are too many templates and names in force.",
          });
        default:
          return outcome satisfies never;
      }
    },
    "DELETE /templates/{id}": async (event) => {
      const mayEndAll = roleFor(actorOf(event), "template.approve") !== undefined;
      const caller = allow(event, mayEndAll ? "template.approve" : "template.write");
      const id = pathParameter(event, "id", OwnTemplateId);
      const outcome = await withdraw(id, ifMatch(event), caller, mayEndAll ? "any" : "own-draft");
      if (outcome === "not-own-draft") {
        throw new ApiProblem("forbidden", {
          detail: "Who writes templates ends only their own, and only before one is in force.",
        });
      }
      if (outcome === "unknown") throw new ApiProblem("not_found");
      if (outcome === "version-conflict") throw new ApiProblem("version_conflict");
      return { statusCode: 204, headers: { "Cache-Control": "no-store" }, body: "" };
    },
  };
}
