import { createRequire } from "node:module";
import type { ExportFile } from "./export-files.ts";

type Pack = NodeJS.ReadableStream & {
  entry(header: { name: string; mtime: Date }, content: Buffer): void;
  finalize(): void;
};
const tarStream = createRequire(import.meta.url)("tar-stream") as { pack(): Pack };

/** Files as one tar archive. */
export async function packTar(files: readonly ExportFile[]): Promise<Buffer> {
  const pack = tarStream.pack();
  // The machine's own time: what is unpacked is not to lie in the future when the local clock runs ahead.
  const mtime = new Date(performance.timeOrigin + performance.now());
  for (const { path, content } of files) pack.entry({ name: path, mtime }, content);
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
