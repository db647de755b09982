// A thread that fills one order and ends.
import { parentPort, workerData } from "node:worker_threads";
import { toServerError } from "../http/errors.ts";
import { fill, type Order } from "./foundProject.ts";

try {
  const { info, snapshot, report } = await fill(workerData as Order);
  const own = new Uint8Array(snapshot);
  parentPort?.postMessage({ filled: { info, snapshot: own, ...(report && { report }) } }, [own.buffer]);
} catch (error) {
  const known = toServerError(error);
  if (known.status >= 500) throw error;
  parentPort?.postMessage({ refused: { ...known.body(), status: known.status } });
}
