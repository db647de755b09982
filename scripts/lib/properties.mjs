// Properties try the same cases on every run, so that a run is red by its change and never by its luck. `PROPERTY_RUNS=5000` looks for new ones.
import fc from "fast-check";

if (!process.env.PROPERTY_RUNS) fc.configureGlobal({ seed: 1 });
