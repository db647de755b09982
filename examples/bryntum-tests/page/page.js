import { Gantt, ProjectModel } from "@bryntum/gantt";
import { ConflictDialog, GanttWebSocketManager } from "@livegantt/bryntum";
import "@livegantt/bryntum/styles.css";
import "./page.css";

// Everything a story needs stands on the window.
const params = new URLSearchParams(location.search);
const parts = { Gantt, ProjectModel, GanttWebSocketManager, ConflictDialog };

function open(id, user) {
  const project = new ProjectModel({ loadUrl: `/api/project/${id}` });
  const manager = new GanttWebSocketManager({ project, wsUrl: `/gantt-sync?project=${id}`, userName: user, debounce: 0, client: { leaveGuard: false } });
  const gantt = new Gantt({
    appendTo: "container",
    project,
    viewPreset: "weekAndDayLetter",
    startDate: new Date(2026, 2, 1),
    endDate: new Date(2026, 3, 20),
    columns: [
      { type: "name", width: 220 },
      { type: "startdate", width: 110 },
      { type: "duration", width: 90 },
    ],
    features: { dependencies: true, taskDrag: true, taskResize: true, cellEdit: { editNextOnEnterPress: false } },
    tbar: [
      { ref: "userPresence", type: "container", cls: "user-avatars" },
      { type: "undoredo", ref: "undoRedo" },
      "->",
      { type: "widget", ref: "connectionStatus", html: '<span class="status-dot connected"></span> Live' },
    ],
  });
  Object.assign(globalThis, { project, manager, gantt });
  return new Promise((resolve) =>
    manager.on({
      ready: () => {
        project.stm.autoRecord = true;
        project.stm.enable();
        resolve(true);
      },
      once: true,
    }),
  );
}

Object.assign(globalThis, { parts, openPage: open });
const project = params.get("project");
if (project) globalThis.opened = open(project, params.get("user") ?? "Anonymous");
