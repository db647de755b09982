// The product's own login: a table of sessions, and a cookie that names one.
import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

const cookie = "product_session";
const lifeMs = 8 * 3_600_000;

export function sessionsIn(db) {
  const find = db.prepare("SELECT p.id, p.name, s.ends_at AS endsAt FROM sessions s JOIN people p ON p.id = s.person WHERE s.id = ? AND s.ends_at > ?");
  const idOf = ({ headers }) => new RegExp(`(?:^|; )${cookie}=([\\w-]+)`).exec(headers.cookie ?? "")?.[1];

  return {
    /** Who sends a request, or whose page opens a socket. */
    personOf: (request) => find.get(idOf(request) ?? "", Date.now()),

    /** Starts a session; false for a wrong name or password. */
    logIn(response, name, password) {
      const person = db.prepare("SELECT id, salt, hash FROM people WHERE id = ?").get(String(name));
      if (!person || !timingSafeEqual(person.hash, scryptSync(String(password), person.salt, 32))) return false;
      const id = randomBytes(24).toString("base64url");
      db.prepare("INSERT INTO sessions VALUES (?, ?, ?)").run(id, person.id, Date.now() + lifeMs);
      response.cookie(cookie, id, { httpOnly: true, sameSite: "lax", maxAge: lifeMs });
      return true;
    },

    logOut(request, response) {
      db.prepare("DELETE FROM sessions WHERE id = ?").run(idOf(request) ?? "");
      response.clearCookie(cookie);
    },
  };
}
