/** Something that can be asked what it finds in a text: the shipped classifier or a peer. */
export type Contender = {
  /** Name and version as the tables show them. */
  readonly name: string;
  /** The module whose export loads it; see `peers/adapters.mjs`. */
  readonly moduleUrl: URL;
  readonly exportName: string;
};

const PEERS_MODULE = new URL("./peers/adapters.mjs", import.meta.url);

/** The shipped classifier, run as the peers are. */
export const OWN: Contender = {
  name: "Foundphone",
  moduleUrl: new URL("./own-adapter.ts", import.meta.url),
  exportName: "foundphone",
};

/** Packages that could be taken instead. Their versions are those of `peers/package.json`. */
export const PEERS: readonly Contender[] = [
  { name: "openredaction 1.1.5", moduleUrl: PEERS_MODULE, exportName: "openRedaction" },
  {
    name: "openredaction 1.1.5, healthcare preset",
    moduleUrl: PEERS_MODULE,
    exportName: "openRedactionHealthcare",
  },
  { name: "redact-pii 3.4.0", moduleUrl: PEERS_MODULE, exportName: "redactPii" },
  {
    name: "compromise 14.17.0 (people, places, organizations)",
    moduleUrl: PEERS_MODULE,
    exportName: "compromise",
  },
  {
    name: "wink-nlp 2.4.0, wink-eng-lite-web-model 1.8.1",
    moduleUrl: PEERS_MODULE,
    exportName: "winkNlp",
  },
];
