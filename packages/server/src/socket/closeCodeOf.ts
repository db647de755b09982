import { type CloseCode, closeCodes } from "@livegantt/core";
import type { ServerError } from "../errors.ts";

/** With which code a connection ends that is refused for a reason. */
export function closeCodeOf({ code, action, status }: ServerError): CloseCode {
  if (code === "protocol_mismatch") return closeCodes.protocol;
  if (action === "reauth") return closeCodes.unauthenticated;
  if (status === 403) return closeCodes.forbidden;
  if (action === "backoff") return closeCodes.tooSlowOrFast;
  return action === "retry" ? closeCodes.goingAway : closeCodes.noSuchProject;
}
