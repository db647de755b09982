import { Gantt, ProjectModel } from "@bryntum/gantt";
import { GanttWebSocketManager } from "@livegantt/bryntum";
import "@bryntum/gantt/fontawesome/css/fontawesome.css";
import "@bryntum/gantt/fontawesome/css/solid.css";
import "@bryntum/gantt/gantt.css";
import "@bryntum/gantt/svalbard-light.css";
import "@livegantt/bryntum/styles.css";
import "../chart.css";
import { projectId, userName } from "../project.js";

const id = await projectId();
const project = new ProjectModel({ loadUrl: `/api/project/${id}` });

// Open this page twice, the second time with ?user=Ben behind its address.
const manager = new GanttWebSocketManager({ project, wsUrl: `/gantt-sync?project=${id}`, userName: userName() });

new Gantt({
  appendTo: "container",
  project,
  columns: [{ type: "name", width: 240 }, { type: "startdate" }, { type: "duration" }],
  tbar: [
    { ref: "userPresence", type: "container", cls: "user-avatars" },
    { type: "undoredo", ref: "undoRedo" },
    "->",
    { ref: "connectionStatus", type: "widget" },
  ],
});

manager.on({
  ready: () => {
    project.stm.autoRecord = true;
    project.stm.enable();
  },
  once: true,
});
