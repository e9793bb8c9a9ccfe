import type { SignDownload, SignUpload } from "./ports.ts";

/** Signs forms and addresses. */
export interface AttachmentLinks {
  readonly signUpload: SignUpload;
  readonly signDownload: SignDownload;
}

/** Signs with what `load` brings, which is loaded with the first signature. */
export function lateLinks(load: () => Promise<AttachmentLinks>): AttachmentLinks {
  let loading: Promise<AttachmentLinks> | undefined;
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  return {
    signUpload: async (upload) => (await loaded()).signUpload(upload),
    signDownload: async (download) => (await loaded()).signDownload(download),
  };
}
