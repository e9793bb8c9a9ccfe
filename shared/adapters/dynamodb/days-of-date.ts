import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { ListAppointmentsPorts } from "../../appointments/ports.ts";
import { APPOINTMENTS_DAYS_INDEX } from "../../tables/indexes.ts";
import { type AppointmentsTable, orderOf } from "./appointments-table.ts";
import { fromAttributes, toAttributes } from "./items.ts";

/** Pages of patients' days of a date, the earliest first visit first. */
export function createDaysOn(
  client: DynamoDBClient,
  { table, parse }: AppointmentsTable,
): ListAppointmentsPorts["daysOn"] {
  return async (day, limit, from) => {
    const { Items, LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: APPOINTMENTS_DAYS_INDEX,
        KeyConditionExpression: `listDay = :day${from === null ? "" : " AND listOrder >= :from"}`,
        ExpressionAttributeValues: toAttributes({
          ":day": day,
          ":from": from === null ? undefined : orderOf(from),
        }),
        Limit: limit,
      }),
    );
    const days = (Items ?? []).map((item) => parse.visitDay(fromAttributes(item)));
    return { days, more: LastEvaluatedKey !== undefined };
  };
}
