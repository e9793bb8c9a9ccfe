import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";

/** Every version and mark of one key, page by page. */
export async function* versionsOf(client: S3Client, bucket: string, key: string) {
  let after: Pick<ListObjectVersionsCommandOutput, "NextKeyMarker" | "NextVersionIdMarker"> = {};
  for (;;) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        Prefix: key,
        KeyMarker: after.NextKeyMarker,
        VersionIdMarker: after.NextVersionIdMarker,
      }),
    );
    yield {
      objects: (page.Versions ?? []).filter((version) => version.Key === key),
      marks: (page.DeleteMarkers ?? []).filter((mark) => mark.Key === key),
    };
    if (page.IsTruncated !== true) return;
    after = page;
  }
}

/** Deletes every version of one key for good; throws where one stays. */
export async function forgetVersions(client: S3Client, bucket: string, key: string): Promise<void> {
  for await (const { objects, marks } of versionsOf(client, bucket, key)) {
    const gone = [...objects, ...marks].map(({ VersionId }) => ({ Key: key, VersionId }));
    if (gone.length === 0) continue;
    const { Errors } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: gone, Quiet: true } }),
    );
    if (Errors !== undefined && Errors.length > 0) throw new Error("a version could not be deleted");
  }
}
