// What the live server asks of the product, and what it tells it.

/** `authenticate`: the product's sessions say who somebody is, its table of members what they may do. */
export function peopleOf(db, sessions) {
  const roleOf = db.prepare("SELECT role FROM members WHERE project = ? AND person = ?").pluck();
  return (request) => {
    const person = sessions.personOf(request);
    return (
      person && {
        sub: person.id,
        name: person.name,
        expiresAt: person.endsAt,
        roleIn: (project) => (project === null ? "viewer" : roleOf.get(project, person.id)),
      }
    );
  };
}

/** Working time of every project. */
const office = {
  id: "office",
  name: "Office",
  unspecifiedTimeIsWorking: false,
  intervals: [{ id: "week", recurrentStartDate: "every weekday at 08:00", recurrentEndDate: "every weekday at 16:00", isWorking: true }],
};

/** `loadProject`: a plan made of the product's rows, asked for when a project is opened for the first time. */
export const plansOf = (db) => (id) => {
  const project = db.prepare("SELECT name, start FROM projects WHERE id = ?").get(id);
  if (!project) return undefined;
  const tasks = db.prepare("SELECT id, phase, name, days, after FROM tasks WHERE project = ? ORDER BY rowid").all(id);
  return {
    name: project.name,
    plan: {
      project: { startDate: project.start, calendar: "office", hoursPerDay: 8 },
      calendars: [office],
      tasks: tasks.map(({ id, phase, name, days }) => ({ id, parentId: phase, name, ...(days !== null && { duration: days, durationUnit: "day" }) })),
      dependencies: tasks.filter(({ after }) => after !== null).map(({ id, after }) => ({ id: `${after}-${id}`, fromTask: after, toTask: id })),
    },
  };
};

/** Columns of the mirror by the plan's fields. */
const columns = { name: "name", parentId: "parent", duration: "duration", durationUnit: "unit", percentDone: "done" };

/**
 * `onCommitted`: keeps a copy of each task in the product's tables. A change may come twice, so what the mirror has already is passed over; change and revision are
 * written in one transaction, so it is never half there.
 */
export function mirrorIn(db) {
  const seen = db.prepare("SELECT revision FROM mirrors WHERE project = ?").pluck();
  const add = db.prepare("INSERT OR IGNORE INTO mirror_tasks (project, id) VALUES (?, ?)");
  const remove = db.prepare("DELETE FROM mirror_tasks WHERE project = ? AND id = ?");
  const clear = db.prepare("DELETE FROM mirror_tasks WHERE project = ?");
  const note = db.prepare("INSERT OR REPLACE INTO mirrors VALUES (?, ?, ?)");
  const set = Object.fromEntries(
    Object.entries(columns).map(([field, column]) => [field, db.prepare(`UPDATE mirror_tasks SET ${column} = ?, changed_by = ? WHERE project = ? AND id = ?`)]),
  );

  return db.transaction(({ project, revision, changeset, whole, author, cursor }) => {
    if (whole) clear.run(project);
    else if (revision <= (seen.get(project) ?? -1)) return;
    const write = (id, fields) => {
      for (const [field, statement] of Object.entries(set)) if (field in fields) statement.run(fields[field], author?.name ?? null, project, id);
    };
    const { added = [], updated = [], removed = [] } = changeset.tasks ?? {};
    for (const { id, ...fields } of added) {
      add.run(project, id);
      write(id, fields);
    }
    for (const { id, changes } of updated) write(id, changes);
    for (const { id } of removed) remove.run(project, id);
    note.run(project, revision, cursor);
  });
}
