import { GlobalRegistrator } from "@happy-dom/global-registrator";

// Bryntum looks for a document while it is imported.
if (!GlobalRegistrator.isRegistered) GlobalRegistrator.register({ url: "http://localhost/" });
