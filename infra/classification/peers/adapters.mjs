// Plain JavaScript, so that a peer's load time holds nothing of ours. One function per peer: it loads the peer and
// gives `judge`, which is timed, and `findings`, which says what came of it and is not.

/** Everything that the preset or the default looks for; clinical is what it files under healthcare, however loosely. */
async function loadOpenRedaction(options) {
  const { OpenRedaction, getPatternsByCategory } = await import("openredaction");
  const redaction = new OpenRedaction(options);
  const clinical = new Set(getPatternsByCategory("healthcare").map(({ type }) => type));
  return {
    judge: (text) => redaction.detect(text),
    findings: ({ detections }) => ({
      any: detections.length > 0,
      clinical: detections.some(({ type }) => clinical.has(type)),
    }),
  };
}

export const openRedaction = () => loadOpenRedaction({});

export const openRedactionHealthcare = () => loadOpenRedaction({ preset: "healthcare" });

export async function redactPii() {
  const { SyncRedactor } = await import("redact-pii");
  const redactor = new SyncRedactor();
  return {
    judge: (text) => ({ text, redacted: redactor.redact(text) }),
    findings: ({ text, redacted }) => ({ any: redacted !== text, clinical: false }),
  };
}

export async function compromise() {
  const { default: nlp } = await import("compromise");
  return {
    judge: (text) => {
      const read = nlp(text);
      return [read.people(), read.places(), read.organizations()].map((found) => found.out("array").length);
    },
    findings: (counts) => ({ any: counts.some((count) => count > 0), clinical: false }),
  };
}

export async function winkNlp() {
  const { default: winkNLP } = await import("wink-nlp");
  const { default: model } = await import("wink-eng-lite-web-model");
  const nlp = winkNLP(model);
  return {
    judge: (text) => nlp.readDoc(text).entities().out(nlp.its.type),
    findings: (types) => ({ any: types.length > 0, clinical: false }),
  };
}
