import type { Task } from "./bryntum.ts";
import type { Page } from "./rig.ts";

/** mulberry32: numbers in [0, 1) that a seed decides. */
export function randomFrom(seed: number): () => number {
  let a = seed * 0x9e3779b9;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export type Act = string;

let serial = 0;

const under = (task: Task, other: Task): boolean => {
  for (let at: Task | null = other; at; at = at.parent) if (at === task) return true;
  return false;
};

/** One thing that a person does to a chart, chosen at random. Answers what it was. */
export async function actOn(page: Page, random: () => number, tag: string): Promise<Act> {
  const { project, name } = page;
  const { taskStore, dependencyStore, assignmentStore, resourceStore, calendarManagerStore } = project;
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const int = (n: number): number => Math.floor(random() * n);
  const tasks = [...taskStore.allRecords].filter((task) => task !== taskStore.rootNode);
  const task = pick(tasks);
  const other = pick(tasks);
  const id = `${name}-${tag}-${++serial}`;
  const say = (what: string): Act => `${name} ${what}`;
  if (!task || !other || tasks.length < 5) {
    taskStore.rootNode.appendChild({ id, name: id, duration: 1 + int(3) });
    return say(`adds ${id}`);
  }
  switch (int(20)) {
    case 0:
    case 1:
      task.name = id;
      return say(`renames ${task.id}`);
    case 2:
    case 3:
      if (task.isLeaf) task.duration = 1 + int(9);
      return say(`resizes ${task.id}`);
    case 4:
      if (task.isLeaf) await task.setStartDate(new Date(2026, 2, 2 + int(40), 8));
      return say(`drags ${task.id}`);
    case 5:
      (task.isLeaf && random() < 0.5 ? task.parent : task).insertChild(
        { id, name: id, duration: 1 + int(3) },
        random() < 0.5 && task.isLeaf ? task : undefined,
      );
      return say(`adds ${id} near ${task.id}`);
    case 6:
      taskStore.rootNode.insertChild(
        [{ id, name: id, duration: 1, children: [{ id: `${id}c`, name: `${id}c`, duration: 2 }] }],
        random() < 0.5 ? pick(taskStore.rootNode.orderedChildren) : undefined,
      );
      return say(`pastes ${id}`);
    case 7:
      if (tasks.length > 6) task.remove();
      return say(`deletes ${task.id}`);
    case 8:
    case 9:
      if (under(task, other)) return say("moves nothing");
      other.parent.insertChild(task, other);
      return say(`moves ${task.id} before ${other.id}`);
    case 10:
      if (under(task, other)) return say("moves nothing");
      other.appendChild(task);
      return say(`moves ${task.id} into ${other.id}`);
    case 11:
      await taskStore.indent([task]);
      return say(`indents ${task.id}`);
    case 12:
      await taskStore.outdent([task]);
      return say(`outdents ${task.id}`);
    case 13:
      if (task === other || under(task, other) || under(other, task) || !task.isLeaf || !other.isLeaf) return say("links nothing");
      if (dependencyStore.records.some((link) => [task.id, other.id].includes(link.fromEvent?.id) && [task.id, other.id].includes(link.toEvent?.id)))
        return say("links nothing");
      dependencyStore.add({ id, fromTask: task.id, toTask: other.id, type: 2, lag: int(3) });
      return say(`links ${task.id} to ${other.id} as ${id}`);
    case 14: {
      const link = pick(dependencyStore.records);
      if (link && random() < 0.5) link.lag = int(5);
      else if (link) dependencyStore.remove(link);
      return say(`changes link ${link?.id}`);
    }
    case 15: {
      const resource = pick(resourceStore.records);
      if (resource && !assignmentStore.records.some((assignment) => assignment.id === `${task.id}-${resource.id}`))
        assignmentStore.add({ id: `${id}r`, event: task.id, resource: resource.id, units: 10 * (1 + int(10)) });
      return say(`assigns ${resource?.id} to ${task.id}`);
    }
    case 16: {
      const assignment = pick(assignmentStore.records);
      if (assignment && random() < 0.5) assignment.units = 10 * (1 + int(10));
      else if (assignment) assignmentStore.remove(assignment);
      return say(`changes assignment ${assignment?.id}`);
    }
    case 17: {
      const calendar = pick(calendarManagerStore.records);
      const day = 2 + int(30);
      calendar?.addInterval({ id: `${id}i`, name: "Free", startDate: new Date(2026, 2, day), endDate: new Date(2026, 2, day + 1), isWorking: false });
      return say(`adds a holiday on March ${day}`);
    }
    case 18:
      if (task.isLeaf) task.manuallyScheduled = !task.manuallyScheduled;
      return say(`toggles manual on ${task.id}`);
    default:
      task.set({ note: id, percentDone: task.isLeaf ? int(101) : undefined, cls: `c${int(3)}` });
      return say(`notes on ${task.id}`);
  }
}
