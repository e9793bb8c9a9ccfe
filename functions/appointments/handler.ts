import type { APIGatewayProxyEvent } from "aws-lambda";
import * as z from "zod";
import { json, type Routes } from "#functions/http/api.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { allow, ifMatch, jsonBody, pathParameter, query } from "#functions/http/request.ts";
import { createListAppointments } from "#shared/appointments/list.ts";
import type { ListAppointmentsPorts } from "#shared/appointments/ports.ts";
import {
  type AppointmentWarning,
  createPutAppointment,
  type PutAppointmentOutcome,
} from "#shared/appointments/put.ts";
import { createReadAppointment } from "#shared/appointments/read.ts";
import { createRemoveAppointment } from "#shared/appointments/remove.ts";
import type { ShownAppointment } from "#shared/appointments/shown.ts";
import {
  AppointmentExternalId,
  AppointmentList,
  AppointmentResponse,
  formatVisitCursor,
  ListAppointmentsQuery,
  offsetsInHours,
  PutAppointmentRequest,
  parseVisitCursor,
} from "#shared/contracts/appointments.ts";
import { visitStatusOf } from "#shared/domain/visits/words.ts";

const PAGE_DEFAULT = 50;

function present(
  externalId: string,
  appointment: ShownAppointment,
  warnings: readonly AppointmentWarning[] = [],
) {
  return AppointmentResponse.parse({ externalId, ...appointment, warnings });
}

/**
 * The id in the path. API Gateway hands on the parts of a path as they were sent, others decode them; without percent
 * signs in it, an id is the same either way.
 */
function externalIdOf(event: APIGatewayProxyEvent): string {
  const sent = pathParameter(event, "externalId", z.string());
  const parsed = AppointmentExternalId.safeParse(decoded(sent));
  if (!parsed.success) throw new ApiProblem("not_found");
  return parsed.data;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A percent sign stays, and makes it no id.
    return part;
  }
}

type Refusal = Exclude<PutAppointmentOutcome, { readonly appointment: ShownAppointment }>;

function refusalOf({ kind }: Refusal): ApiProblem {
  switch (kind) {
    case "unknown-patient":
      return new ApiProblem("not_found", { pointer: "/patientId" });
    case "other-patient":
      return new ApiProblem("version_conflict", {
        detail: "This is another patient's visit. Remove it first, if the id is to be used again.",
        pointer: "/patientId",
      });
    case "record-number":
      return new ApiProblem("unprocessable", {
        detail: "The external id is a patient's record number; visits need ids of their own.",
        pointer: "/externalId",
      });
    case "stale":
      return new ApiProblem("version_conflict", {
        detail: "A newer version of the visit is known.",
        pointer: "/sourceVersion",
      });
    case "version-conflict":
      return new ApiProblem("version_conflict");
    case "day-is-full":
      return new ApiProblem("unprocessable", {
        detail: "The patient has as many visits on that day as can be kept.",
        pointer: "/startsAt",
      });
    default:
      return kind satisfies never;
  }
}

/** Visits as scheduling systems and staff put them, and how far they are confirmed. */
export function createRoutes(ports: ListAppointmentsPorts): Routes {
  const put = createPutAppointment(ports);
  const remove = createRemoveAppointment(ports);
  const readAppointment = createReadAppointment(ports);
  const list = createListAppointments(ports);
  return {
    "PUT /appointments/{externalId}": async (event) => {
      const caller = allow(event, "appointment.write");
      const externalId = externalIdOf(event);
      const { status = "booked", reminderOffsets, ...fields } = jsonBody(event, PutAppointmentRequest);
      const outcome = await put(
        {
          ...fields,
          externalId,
          ...(visitStatusOf(status) ?? { status: "booked" }),
          ...(reminderOffsets === undefined ? {} : { reminderOffsets: offsetsInHours(reminderOffsets) }),
        },
        caller,
        { version: ifMatch(event) },
      );
      if (!("appointment" in outcome)) throw refusalOf(outcome);
      const { kind, appointment, warnings } = outcome;
      return json(
        kind === "booked" ? 201 : 200,
        present(externalId, appointment, warnings),
        appointment.version,
      );
    },
    "GET /appointments/{externalId}": async (event) => {
      const caller = allow(event, "appointment.read");
      const externalId = externalIdOf(event);
      const appointment = await readAppointment(externalId, caller);
      if (appointment === undefined) throw new ApiProblem("not_found");
      return json(200, present(externalId, appointment), appointment.version);
    },
    "DELETE /appointments/{externalId}": async (event) => {
      const caller = allow(event, "appointment.write");
      const externalId = externalIdOf(event);
      const { kind } = await remove(externalId, ifMatch(event), caller);
      if (kind === "unknown") throw new ApiProblem("not_found");
      if (kind === "version-conflict") throw new ApiProblem("version_conflict");
      return { statusCode: 204, headers: { "Cache-Control": "no-store" }, body: "" };
    },
    "GET /appointments": async (event) => {
      const caller = allow(event, "appointment.read");
      const { date, state, limit = PAGE_DEFAULT, cursor = "" } = query(event, ListAppointmentsQuery);
      const { items, next } = await list(
        { day: date, state, limit, after: parseVisitCursor(cursor) },
        caller,
      );
      return json(
        200,
        AppointmentList.parse({
          items: items.map(({ externalId, ...appointment }) => present(externalId, appointment)),
          nextCursor: next === null ? null : formatVisitCursor(next),
        }),
      );
    },
  };
}
