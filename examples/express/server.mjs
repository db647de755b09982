// A product with tables and a login of its own, whose projects are live plans.
import { createServer as createHttpServer } from "node:http";
import { join } from "node:path";
import { createServer } from "@livegantt/server";
import express from "express";
import { mirrorIn, peopleOf, plansOf } from "./plans.mjs";
import { sessionsIn } from "./sessions.mjs";
import { openTables } from "./tables.mjs";

const data = process.env.PRODUCT_DATA ?? join(import.meta.dirname, "data");
const db = openTables(data);
const sessions = sessionsIn(db);

const plans = await createServer({
  listen: false,
  data: join(data, "plans"),
  authenticate: peopleOf(db, sessions),
  loadProject: plansOf(db),
  onCommitted: mirrorIn(db),
});

const app = express();
const http = createHttpServer(app);
// Live connections and HTTP interface of the plans, under one path. It reads bodies itself, so it comes before what reads them for the product.
plans.attach(http, { path: "/plans/gantt-sync" });
app.use("/plans", plans.handler);

const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const page = (title, body, head = "") =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/assets/product.css">${head}<body>${body}`;
const loginForm = (problem = "") =>
  page(
    "Log in",
    `<main><h1>Log in</h1><form method="post" action="/login"><label>Name <input name="name" autocomplete="username" required autofocus></label><label>Password <input name="password" type="password" autocomplete="current-password" required></label><button>Log in</button><p role="alert">${escaped(problem)}</p></form></main>`,
  );

app.use("/assets", express.static(join(import.meta.dirname, "dist/assets")));
app.post("/login", express.urlencoded({ extended: false }), (request, response) => {
  const { name = "", password = "" } = request.body ?? {};
  if (sessions.logIn(response, name, password)) response.redirect(303, "/");
  else response.status(401).send(loginForm("Name and password do not belong together."));
});
app.post("/logout", (request, response) => {
  sessions.logOut(request, response);
  response.redirect(303, "/");
});

app.use((request, response, next) => {
  request.person = sessions.personOf(request);
  if (request.person) next();
  else response.status(401).send(loginForm());
});

const projectsOf = db.prepare("SELECT p.id, p.name FROM projects p JOIN members m ON m.project = p.id WHERE m.person = ? ORDER BY p.name");
app.get("/", (request, response) => {
  const { person } = request;
  const rows = projectsOf.all(person.id).map(({ id, name }) => `<li><a href="/projects/${encodeURIComponent(id)}">${escaped(name)}</a></li>`);
  response.send(
    page(
      "Projects",
      `<main><h1>Projects of ${escaped(person.name)}</h1><ul>${rows.join("") || "<li>None is shared with you.</li>"}</ul><form method="post" action="/logout"><button>Log out</button></form></main>`,
    ),
  );
});

/** Only for members. */
app.param("project", (request, response, next, id) => {
  request.project = projectsOf.all(request.person.id).find((project) => project.id === id);
  if (request.project) next();
  else response.status(404).send(page("Not found", "<main><h1>There is no such project, or it is not shared with you.</h1></main>"));
});
app.get("/projects/:project", ({ project, person }, response) => {
  const head = `<link rel="stylesheet" href="/assets/page.css"><script type="module" src="/assets/page.js"></script>`;
  response.send(page(project.name, `<div id="root" data-project="${escaped(project.id)}" data-person="${escaped(person.name)}"></div>`, head));
});
/** What the product itself knows of the live plan, from its own tables. */
app.get("/projects/:project/report", ({ project }, response) => {
  const mirror = db.prepare("SELECT revision, cursor FROM mirrors WHERE project = ?").get(project.id);
  const tasks = db
    .prepare("SELECT id, parent, name, duration, unit, done, changed_by AS changedBy FROM mirror_tasks WHERE project = ? ORDER BY id")
    .all(project.id);
  response.json({ revision: mirror?.revision ?? null, tasks });
});

http.listen(Number(process.env.PORT ?? 4700), "127.0.0.1", () => console.log(`The product is running: http://127.0.0.1:${http.address().port}`));

let isEnding = false;
async function end() {
  if (isEnding) return;
  isEnding = true;
  await plans.close();
  http.close(() => db.close());
  http.closeAllConnections();
}
process.on("SIGTERM", end);
process.on("SIGINT", end);
