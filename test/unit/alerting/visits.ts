import type { World } from "#test/support/core-world.ts";

/** A visit as its scheduling system puts it; throws where it is not taken. */
export async function putVisit(world: World, patientId: string, externalId: string, fields: object) {
  const { status, body } = await world.call("PUT /appointments/{externalId}", {
    path: { externalId },
    body: { patientId, ...fields },
  });
  if (status >= 300) throw new Error(`not taken: ${JSON.stringify(body)}`);
  return body;
}

/** A visit as staff see it. */
export async function visitOf(world: World, externalId: string) {
  const { body } = await world.call("GET /appointments/{externalId}", { path: { externalId } });
  return body;
}
