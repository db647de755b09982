import { takeFragment } from "./fragment.ts";
import { HttpError, request } from "./http.ts";

/**
 * `/#token=…`: an access token becomes a session cookie before anything is asked for. One that is no good is told of by the first thing that is. Somebody who is signed
 * in already is asked first: the address may have been made up by somebody else.
 */
export async function signIn(): Promise<void> {
  const token = takeFragment("token");
  if (token === undefined) return;
  try {
    await request("POST", "/api/session", { token });
  } catch (error) {
    if (!(error instanceof HttpError) || error.code !== "signed_in" || !window.confirm("You are signed in already. Sign in as somebody else instead?")) return;
    await request("DELETE", "/api/session").catch(() => {});
    await request("POST", "/api/session", { token }).catch(() => {});
  }
}
