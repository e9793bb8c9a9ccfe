import type { AttachmentLinks } from "#shared/attachments/late-links.ts";
import type { AttachmentObjects } from "#shared/attachments/objects.ts";

/** A bucket in memory: versions by key, the newest last. */
export function createAttachmentBucket() {
  const versions = new Map<string, Uint8Array[]>();
  const put = (key: string, content: Uint8Array) =>
    versions.set(key, [...(versions.get(key) ?? []), content]);
  const objects: AttachmentObjects = {
    incoming: async (id, bytesMax) => {
      const content = versions.get(`incoming/${id}`)?.at(-1);
      if (content === undefined) return "absent";
      return content.length > bytesMax ? "too-large" : content;
    },
    keep: async (id, content) => {
      if (!versions.has(`checked/${id}`)) put(`checked/${id}`, content);
    },
    keptBytes: async (id) => versions.get(`checked/${id}`)?.at(-1)?.length,
    forgetIncoming: async (id) => {
      versions.delete(`incoming/${id}`);
    },
    forgetKept: async (id) => {
      versions.delete(`checked/${id}`);
    },
  };
  const links: AttachmentLinks = {
    signUpload: async ({ id, type, bytesMax }) => ({
      url: "https://attachments.example/",
      fields: { key: `incoming/${id}`, "Content-Type": type, max: String(bytesMax) },
    }),
    signDownload: async ({ id }) => `https://attachments.example/checked/${id}`,
  };
  return {
    objects,
    links,
    /** What a browser posts; every time another version. */
    upload: (id: string, content: Uint8Array) => put(`incoming/${id}`, content),
    keys: () => [...versions.keys()],
    newest: (key: string) => versions.get(key)?.at(-1),
  };
}
