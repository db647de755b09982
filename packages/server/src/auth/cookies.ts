import type { IncomingMessage } from "node:http";

/** An access token of the operator's own sign-in, kept by the browser; and the session that share links gave. Apart, so that opening a link logs nobody out. */
export const accountCookie = "livegantt_session";
export const linkCookie = "livegantt_link";

/** A cookie of a request; undefined where there is none, or it is no text. */
export function cookieOf({ headers }: IncomingMessage, wanted: string): string | undefined {
  for (const pair of headers.cookie?.split(";") ?? []) {
    const at = pair.indexOf("=");
    if (at < 0 || pair.slice(0, at).trim() !== wanted) continue;
    try {
      return decodeURIComponent(pair.slice(at + 1).trim()) || undefined;
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/** `Set-Cookie` for a session: no script reads it, no other site's form or frame sends it. `seconds` 0 takes it away. */
export function sessionCookie(name: string, value: string, { seconds, secure }: { readonly seconds: number; readonly secure: boolean }): string {
  return `${name}=${encodeURIComponent(value)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.max(0, Math.floor(seconds))}${secure ? "; Secure" : ""}`;
}
