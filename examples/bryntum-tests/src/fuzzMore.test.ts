import { fuzz } from "./fuzz.ts";

// The other half, in a file of its own, so that two processors share the work.
fuzz(6);
