import * as z from "zod";

/** S3's message about new objects; a bucket that is new sends one without records, to try the queue. */
const Arrivals = z.object({
  Records: z.array(z.object({ s3: z.object({ object: z.object({ key: z.string() }) }) })).default([]),
});

/** Keys of the objects that a message of S3 tells of; S3 writes them as forms do. */
export function readArrivals(body: string): readonly string[] {
  const { Records } = Arrivals.parse(JSON.parse(body));
  return Records.map(({ s3 }) => decodeURIComponent(s3.object.key.replaceAll("+", " ")));
}
