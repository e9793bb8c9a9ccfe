/** What a contender's own types of findings can say of a text. */
export type Contender = {
  /** Name and version as the tables show them. */
  readonly name: string;
  /** The module and the export of it that load the contender. */
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

/** The packages that a practice could take instead. */
export const PEERS: readonly Contender[] = [
  { name: "openredaction 1.1.5", moduleUrl: PEERS_MODULE, exportName: "openRedaction" },
  {
    name: "openredaction 1.1.5, healthcare",
    moduleUrl: PEERS_MODULE,
    exportName: "openRedactionHealthcare",
  },
  { name: "redact-pii 3.4.0", moduleUrl: PEERS_MODULE, exportName: "redactPii" },
  { name: "compromise 14.17.0", moduleUrl: PEERS_MODULE, exportName: "compromise" },
  { name: "wink-nlp 2.4.0, eng-lite 1.8.1", moduleUrl: PEERS_MODULE, exportName: "winkNlp" },
];
