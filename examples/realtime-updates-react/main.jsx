import { RealtimeGantt } from "@livegantt/bryntum/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@bryntum/gantt/fontawesome/css/fontawesome.css";
import "@bryntum/gantt/fontawesome/css/solid.css";
import "@bryntum/gantt/gantt.css";
import "@bryntum/gantt/svalbard-light.css";
import "@livegantt/bryntum/styles.css";
import "../chart.css";
import { projectId, userName } from "../project.js";

const id = await projectId();
const chart = { columns: [{ type: "name", width: 240 }, { type: "startdate" }, { type: "duration" }] };

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <RealtimeGantt projectId={id} currentUser={{ name: userName() }} gantt={chart} />
  </StrictMode>,
);
