import { createRequire } from "node:module";

/** Of this package, as it is published. */
export const { version } = createRequire(import.meta.url)("../package.json") as { version: string };
