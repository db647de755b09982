import { Gantt, ProjectModel } from "@bryntum/gantt";
import { ConflictDialog, GanttWebSocketManager } from "@livegantt/bryntum";
import { randomFrom } from "../src/actions.ts";
import { network } from "../src/network.ts";
import "@livegantt/bryntum/styles.css";
import "./page.css";

// Everything a story needs stands on the window.
const params = new URLSearchParams(location.search);
const parts = { Gantt, ProjectModel, GanttWebSocketManager, ConflictDialog };

/** Made here, so that it holds nothing of what it is used for. */
function slowNetwork(slow, seed) {
  const random = randomFrom(seed);
  return network(WebSocket, () => Math.floor(random() * slow));
}

/** Shows a project to a person; what was shown before is destroyed. `slow`: milliseconds that a message is on its way at most, `seed` decides how long each one is. */
function open(id, user, { slow = 0, seed = 1, avatar } = {}) {
  for (const shown of ["manager", "gantt", "project"]) globalThis[shown]?.destroy();
  const net = slowNetwork(slow, seed);
  // As the server counts: a task that is scheduled by hand lasts its working time.
  const project = new ProjectModel({ loadUrl: `/api/project/${id}`, skipNonWorkingTimeInDurationWhenSchedulingManually: true });
  const manager = new GanttWebSocketManager({
    project,
    wsUrl: `/gantt-sync?project=${id}`,
    userName: user,
    avatar,
    debounce: 0,
    baseReconnectDelay: 20,
    maxReconnectDelay: 100,
    maxReconnectAttempts: 1000,
    client: { leaveGuard: false, WebSocket: net.WebSocket },
  });
  const gantt = new Gantt({
    appendTo: "container",
    project,
    viewPreset: {
      base: "weekAndDayLetter",
      headers: [
        { unit: "week", dateFormat: "D MMM YYYY" },
        { unit: "day", dateFormat: "d1" },
      ],
    },
    timeResolution: { unit: "hour", increment: 8 },
    startDate: new Date(2026, 2, 1),
    endDate: new Date(2026, 3, 20),
    columns: [
      { type: "wbs", width: 70 },
      { type: "name", width: 165 },
      { type: "startdate", width: 130 },
      { type: "duration", width: 100 },
      { type: "resourceassignment", width: 115, text: "People" },
      { type: "calendar", width: 110 },
      { type: "manuallyscheduled", width: 80, text: "Manual" },
    ],
    subGridConfigs: { locked: { width: 770 } },
    features: { dependencies: true, taskDrag: true, taskResize: true, rowReorder: true, cellEdit: { editNextOnEnterPress: false } },
    tbar: [
      { ref: "userPresence", type: "container", cls: "user-avatars" },
      { type: "undoredo", ref: "undoRedo" },
      "->",
      { type: "widget", ref: "connectionStatus", html: '<span class="status-dot connected"></span> Live' },
    ],
  });
  Object.assign(globalThis, { project, manager, gantt, network: net });
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

/** The vendor's theme and ours. Resolves when it is painted. */
function showTheme(name) {
  const old = document.getElementById("theme");
  const link = Object.assign(document.createElement("link"), { id: "theme", rel: "stylesheet", href: `/bryntum/svalbard-${name}.css` });
  document.documentElement.dataset.theme = name;
  return new Promise((resolve) => {
    link.onload = () => {
      old.remove();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)));
    };
    old.after(link);
  });
}

Object.assign(globalThis, { parts, openPage: open, showTheme });
const project = params.get("project");
if (project) globalThis.opened = open(project, params.get("user") ?? "Anonymous");
