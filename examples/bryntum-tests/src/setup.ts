import { GlobalRegistrator } from "@happy-dom/global-registrator";

// Bryntum looks for a document while it is imported. Requests stay Node's: a document has an origin, and the tests have none.
const { fetch, AbortController, AbortSignal, Headers, Request, Response } = globalThis;
if (!GlobalRegistrator.isRegistered) GlobalRegistrator.register({ url: "http://localhost/" });
Object.assign(globalThis, { fetch, AbortController, AbortSignal, Headers, Request, Response });
