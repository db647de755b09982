import type { ProjectReport } from "../operations/checkProject.ts";
import { checkStore } from "../operations/checkStore.ts";
import { openSqliteFile } from "../stores/sqlite/sqliteStore.ts";
import type { Command } from "./command.ts";
import { openStore } from "./openStore.ts";
import { plain } from "./table.ts";

export const check: Command = {
  operands: ["[FILE]"],
  settings: ["data", "database", "database-file"],
  options: [],
  notes: [
    "Nothing is written, and servers may run. For every project: the log has no gap and each change replays; what the log gives is what each snapshot holds; the\nplan keeps every invariant (V1 to V11); its schedule has a date for every task. The exit code is 1 where there is a fault.",
  ],
  async run(call) {
    const [file] = call.operands;
    const { store, place } = file === undefined ? await openStore(call.config, "read") : { store: openSqliteFile(file, "read"), place: file };
    try {
      const { faults, projects } = await checkStore(store, (report) => !call.json && console.log(lines(report).join("\n")));
      const all = [...faults, ...projects.flatMap((report) => report.faults)];
      call.print({ place, sound: all.length === 0, faults: all, projects: projects.map(({ faults, ...rest }) => ({ ...rest, faults: faults.length })) }, [
        ...faults.map(({ code, message }) => plain(`FAULT ${code}: ${message}`)),
        all.length === 0 ? `${place}: ${projects.length} projects, all sound.` : `${place}: ${all.length} faults in ${projects.length} projects.`,
      ]);
      return all.length === 0 ? 0 : 1;
    } finally {
      await store.close();
    }
  },
};

function lines({ id, name, revision, tasks, snapshots, replayed, faults }: ProjectReport): string[] {
  const head = `${id}  "${name}": revision ${revision}, ${tasks} tasks, ${snapshots} snapshots, ${replayed} changes replayed, ${faults.length === 0 ? "sound" : "DAMAGED"}`;
  return [head, ...faults.map(({ code, message }) => `  FAULT ${code}: ${message}`)].map(plain);
}
