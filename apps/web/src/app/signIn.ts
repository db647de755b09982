import { takeFragment } from "./fragment.ts";
import { request } from "./http.ts";

/** `/#token=…`: an access token becomes a session cookie before anything is asked for. One that is no good is told of by the first thing that is. */
export async function signIn(): Promise<void> {
  const token = takeFragment("token");
  if (token !== undefined) await request("POST", "/api/session", { token }).catch(() => {});
}
