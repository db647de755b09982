import "@svar-ui/react-gantt/all.css";
import "@livegantt/styles";
import "./styles/app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { signIn } from "./app/signIn.ts";
import { startTheme } from "./app/theme.ts";

startTheme();
const root = document.getElementById("root");
if (root) {
  await signIn();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
