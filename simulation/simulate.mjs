// `npm run simulate`: the simulation as one file, made of the sources as they are now.
import { fork } from "node:child_process";
import { bundle } from "./bundle.mjs";

const file = await bundle("simulate");
fork(file, process.argv.slice(2)).on("exit", (code) => {
  process.exitCode = code ?? 1;
});
