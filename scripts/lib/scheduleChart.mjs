/**
 * Plans as a few lines of text, and their schedule as a chart of characters: for tests and for the page that explains the rules.
 *
 * Days are named by week: `Wed1` is Wednesday of the first week, 2026-01-07; a time may follow (`Wed1 12:00`). The project calendar `std` works Mon–Fri 8–12 and 13–17.
 *
 *     project backward Fri3               planned from its end; also: start Tue1 · honor false · lags Project
 *     calendar six Mon-Sat 08:00-16:00    several times of day may follow; `off Wed1` closes a day
 *     holiday std Wed1
 *     resource Ann six 200                calendar (or -) and units
 *     A: 3d; SNET Wed1                    duration; then, in any order: FS B, SS B+1d, FF B-4h@six, SNET SNLT FNET FNLT MSO MFO day, ALAP, ASAP, manual day, deadline day,
 *       B: 2d; FS A                       cal six, by Ann 50, inactive, dir Backward, split 1d 1d 1d (work, pause, work), effort 16h, mode FixedEffort, delay 4h, done 50, FS C off
 */

const monday = Date.UTC(2026, 0, 5);
const dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const dayMs = 86_400_000;
const linkTypes = { SS: 0, SF: 1, FS: 2, FF: 3 };
const constraintTypes = {
  SNET: "startnoearlierthan",
  SNLT: "startnolaterthan",
  FNET: "finishnoearlierthan",
  FNLT: "finishnolaterthan",
  MSO: "muststarton",
  MFO: "mustfinishon",
  ALAP: "aslateaspossible",
  ASAP: "assoonaspossible",
};
const units = { m: "minute", h: "hour", d: "day", w: "week", M: "month" };

const isoDay = (n) => new Date(monday + n * dayMs).toISOString().slice(0, 10);

/** `Wed1` or `Wed1 12:00` as a date; `time` where none is given. Weeks before the first are 0, -1 … */
export function dateOf(text, time = "08:00") {
  const [, name, week, clock] = /^([A-Z][a-z]{2})(-?\d+)(?: (\d\d:\d\d))?$/.exec(text) ?? [];
  const day = dayNames.indexOf(name);
  if (day < 0) throw new Error(`no day: "${text}"`);
  return `${isoDay(day + (Number(week) - 1) * 7)}T${clock ?? time}:00`;
}

/** A date as `Wed1 08:00`. */
export function nameOf(date) {
  const n = Math.floor((Date.parse(`${date}Z`) - monday) / dayMs);
  return `${dayNames[((n % 7) + 7) % 7]}${Math.floor(n / 7) + 1} ${date.slice(11, 16)}`;
}

function amountOf(text) {
  const [, value, unit] = /^([+-]?[\d.]+)([mhdwM])$/.exec(text) ?? [];
  if (value === undefined) throw new Error(`no amount: "${text}"`);
  return [Number(value), units[unit]];
}
const minutesOf = (text) => {
  const [value, unit] = amountOf(text);
  return value * { minute: 1, hour: 60, day: 480, week: 2400, month: 9600 }[unit];
};

function shifts(days, times) {
  const [first, last = first] = days.split("-");
  const names = dayNames.slice(dayNames.indexOf(first), dayNames.indexOf(last) + 1);
  return Object.fromEntries(
    times.map((span, i) => {
      const [from, to] = span.split("-");
      const ends = to <= from ? names.map((name) => dayNames[(dayNames.indexOf(name) + 1) % 7]) : names;
      return [
        `intervals.w${i}`,
        { recurrentStartDate: `on ${names.join(",")} at ${from}`, recurrentEndDate: `on ${ends.join(",")} at ${to}`, isWorking: true },
      ];
    }),
  );
}

function close(calendar, day) {
  const from = dateOf(day, "00:00");
  const to = new Date(Date.parse(`${from}Z`) + dayMs).toISOString().slice(0, 19);
  calendar[`intervals.h${Object.keys(calendar).length}`] = { startDate: from, endDate: to, isWorking: false };
}

/** Records of a plan: `{ project, calendars, resources, tasks, dependencies, assignments }`. */
function planOf(text) {
  const std = { id: "std", unspecifiedTimeIsWorking: false, ...shifts("Mon-Fri", ["08:00-12:00", "13:00-17:00"]) };
  const plan = {
    project: { id: "p", startDate: dateOf("Mon1"), calendar: "std", hoursPerDay: 8, daysPerWeek: 5, daysPerMonth: 20 },
    calendars: [std],
    resources: [],
    tasks: [],
    dependencies: [],
    assignments: [],
  };
  const parents = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const words = line.trim().split(/\s+/);
    if (/^\s*[\w.]+:/.test(line)) taskLine(plan, line, parents);
    else if (words[0] === "project") projectLine(plan.project, line.trim());
    else if (words[0] === "calendar") plan.calendars.push({ id: words[1], unspecifiedTimeIsWorking: false, ...shifts(words[2], words.slice(3)) });
    else if (words[0] === "holiday")
      close(
        plan.calendars.find(({ id }) => id === words[1]),
        words[2],
      );
    else if (words[0] === "resource")
      plan.resources.push({ id: words[1], calendar: words[2] && words[2] !== "-" ? words[2] : null, maxUnits: Number(words[3] ?? 100) });
    else throw new Error(`not understood: "${line}"`);
  }
  return plan;
}

function projectLine(project, line) {
  for (const [, key, value] of line.slice(7).matchAll(/(\w+) ((?:[A-Z][a-z]{2}-?\d+(?: \d\d:\d\d)?)|\S+)/g)) {
    if (key === "start") project.startDate = dateOf(value);
    else if (key === "backward") Object.assign(project, { direction: "Backward", endDate: dateOf(value, "17:00"), startDate: null });
    else if (key === "honor") project.honorConstraints = value === "true";
    else if (key === "lags") project.dependenciesCalendar = value;
    else if (key === "calendar") project.calendar = value === "none" ? null : value;
    else throw new Error(`not understood: "${key}"`);
  }
}

function taskLine(plan, line, parents) {
  const indent = line.search(/\S/);
  while (parents.length > 0 && parents.at(-1).indent >= indent) parents.pop();
  const [, id, rest] = /^\s*([\w.]+):(.*)$/.exec(line);
  const task = { id, name: id, parentId: parents.at(-1)?.id ?? null, orderKey: `a${String(plan.tasks.length).padStart(4, "0")}` };
  parents.push({ indent, id });
  plan.tasks.push(task);
  for (const part of rest.split(";").map((s) => s.trim())) if (part !== "") field(plan, task, part);
}

function field(plan, task, part) {
  const [word, ...more] = part.split(" ");
  const rest = more.join(" ");
  if (/^[\d.]+[mhdwM]$/.test(word)) [task.duration, task.durationUnit] = amountOf(word);
  else if (word in linkTypes) link(plan, task, linkTypes[word], rest);
  else if (word in constraintTypes) {
    task.constraintType = constraintTypes[word];
    if (rest !== "") task.constraintDate = dateOf(rest, ["FNET", "FNLT", "MFO"].includes(word) ? "17:00" : "08:00");
  } else if (word === "manual") Object.assign(task, { manuallyScheduled: true, startDate: dateOf(rest) });
  else if (word === "deadline") task.deadlineDate = dateOf(rest, "17:00");
  else if (word === "cal") task.calendar = rest;
  else if (word === "by") plan.assignments.push({ id: `${task.id}-${more[0]}`, event: task.id, resource: more[0], units: Number(more[1] ?? 100) });
  else if (word === "inactive") task.inactive = true;
  else if (word === "alone") task.ignoreResourceCalendar = true;
  else if (word === "dir") task.direction = rest;
  else if (word === "split") {
    let offset = 0;
    task.segments = [];
    more.forEach((amount, i) => {
      if (i % 2 === 0) task.segments.push({ id: `s${i}`, offset, duration: minutesOf(amount) });
      offset += minutesOf(amount);
    });
  } else if (word === "effort") [task.effort, task.effortUnit] = amountOf(rest);
  else if (word === "mode") task.schedulingMode = rest;
  else if (word === "driven") task.effortDriven = true;
  else if (word === "delay") task.levelingDelay = minutesOf(rest);
  else if (word === "done") task.percentDone = Number(rest);
  else throw new Error(`not understood: "${part}"`);
}

function link(plan, task, type, text) {
  const [, from, lag, calendar, off] = /^([\w.]+?)([+-][\d.]+[mhdwM])?(?:@(\w+))?( off)?$/.exec(text) ?? [];
  if (from === undefined) throw new Error(`no link: "${text}"`);
  const [value, unit] = lag === undefined ? [0, "day"] : amountOf(lag);
  plan.dependencies.push({
    id: `${from}-${task.id}`,
    fromTask: from,
    toTask: task.id,
    type,
    lag: value,
    lagUnit: unit,
    calendar: calendar ?? null,
    active: off === undefined ? null : false,
  });
}

/** The plan as a project state. `core` is the module of `@livegantt/core`. */
export function stateOf(core, text) {
  const { project, ...collections } = planOf(text);
  const state = new core.ProjectState(project);
  for (const kind of ["calendars", "resources", "tasks", "dependencies", "assignments"]) for (const record of collections[kind]) state.put(kind, record);
  return state;
}

/**
 * One line a task: `#` work of a critical task, `=` of one that has slack, `.` slack, `-` pauses, `~` a summary, `<` and `>` a milestone at the beginning or end of a day.
 * `cells` is how many characters a day has (2: before and after 12:30). Negative slack and violations are written out.
 */
export function chartOf(core, state, { cells = 1, schedule = core.computeSchedule(state) } = {}) {
  const ids = [];
  const walk = (parent, depth) => {
    for (const id of state.children.of(parent)) {
      ids.push([id, depth]);
      walk(id, depth + 1);
    }
  };
  walk(null, 0);
  const at = (date) => (Date.parse(`${date}Z`) - monday) / 60_000;
  const all = ids.map(([id]) => schedule.tasks.get(id));
  const first = Math.min(0, ...all.map((t) => Math.floor(at(t.startDate) / 1440)));
  const last = Math.max(...all.flatMap((t) => [t.endDate, t.lateEnd].map((date) => Math.ceil(at(date) / 1440))));
  const cuts = cells === 2 ? [0, 750, 1440] : [0, 1440];
  const text = (minutes) => new Date(monday + minutes * 60_000).toISOString().slice(0, 19);
  const width = Math.max(...ids.map(([id, depth]) => id.length + depth)) + 1;
  const lines = [
    `${" ".repeat(width)}${Array.from({ length: last - first }, (_, d) => "MTWTFss"[(((d + first) % 7) + 7) % 7].padEnd(cells)).join("")}`.trimEnd(),
  ];
  for (const [id, depth] of ids) {
    const task = schedule.tasks.get(id);
    const time = core.workingTime(state, id);
    const works = (from, to) => from < to && time.between(text(from), text(to)) > 0;
    const [start, end, late] = [at(task.startDate), at(task.endDate), at(task.lateEnd)];
    let bar = "";
    for (let day = first; day < last; day++)
      for (let c = 0; c < cells; c++) {
        const [from, to] = [day * 1440 + cuts[c], day * 1440 + cuts[c + 1]];
        if (task.milestone) {
          const ends = works(start - 1, start);
          if (ends ? from < start && start <= to : from <= start && start < to) bar += ends ? ">" : "<";
          else bar += works(Math.max(from, end), Math.min(to, late)) ? "." : " ";
        } else if (works(Math.max(from, start), Math.min(to, end))) bar += task.summary ? "~" : task.critical ? "#" : "=";
        else if (from >= start && to <= end) bar += "-";
        else bar += !task.summary && works(Math.max(from, end), Math.min(to, late)) ? "." : " ";
      }
    const slack = task.totalSlack < 0 ? ` ${task.totalSlack}h` : "";
    lines.push(`${`${" ".repeat(depth)}${id}`.padEnd(width)}${bar.trimEnd()}${slack}`.trimEnd());
  }
  for (const v of schedule.violations)
    lines.push(`! ${v.kind} ${v.task}${v.dependency ? ` ${v.dependency}` : ""}${v.resource ? ` ${v.resource}` : ""}${v.by > 0 ? ` ${v.by}h` : ""}`);
  return lines.join("\n");
}
