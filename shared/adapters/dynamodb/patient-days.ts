import type { QueryCommandInput, QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import type { VisitDay } from "../../appointments/records.ts";
import type { Write } from "../../audit/journal.ts";
import { createAppointmentsTable } from "./appointments-table.ts";
import { fromAttributes, toAttributes } from "./items.ts";

/** So many days of a patient at most: nobody has more visits ahead that a reminder has asked about. */
const DAYS_MAX = 50;

/**
 * A patient's days with visits and what is noted of them. It gets its query handed over: this is loaded late, and would
 * bring a client's code of its own.
 */
export function createPatientDays(
  query: (input: QueryCommandInput) => Promise<Pick<QueryCommandOutput, "Items">>,
  table: string,
) {
  const { parse, setVisitDay } = createAppointmentsTable(table);
  return {
    /** From a local day (YYYY-MM-DD) on, strongly consistent. */
    daysFrom: async (patientId: string, day: string): Promise<readonly VisitDay[]> => {
      const { Items = [] } = await query({
        TableName: table,
        KeyConditionExpression: "pk = :patient AND sk >= :from",
        ExpressionAttributeValues: toAttributes({ ":patient": patientId, ":from": `day#${day}` }),
        Limit: DAYS_MAX,
        ConsistentRead: true,
      });
      return Items.map((item) => parse.visitDay(fromAttributes(item)));
    },
    /** Replaces a day that is still as it was read. */
    setVisitDay: (day: VisitDay): Write => setVisitDay(day),
  };
}
