// Plain JavaScript: what Node needs to read TypeScript would be loaded in every process that is measured.
const startMs = performance.now();
await import(process.argv[2]);
process.stdout.write(String(performance.now() - startMs));
