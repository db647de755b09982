// Child process: what PostgreSQL itself gives to a node that does nothing else. Groups of ready rows, with the lock, the inserts, the hint and the sync of the server.
import pg from "pg";

const [url, projects] = process.argv.slice(2);
const ids = Array.from({ length: Number(projects) }, (_, i) => `raw${i}`);
const client = new pg.Client({ connectionString: url });
await client.connect();
await client
  .query(`CREATE TABLE IF NOT EXISTS raw_projects (id text PRIMARY KEY, revision integer NOT NULL);
  CREATE TABLE IF NOT EXISTS raw_changes (project text NOT NULL, revision integer NOT NULL, client text NOT NULL, number integer NOT NULL, payload text NOT NULL,
  inverse text NOT NULL, PRIMARY KEY (project, revision), UNIQUE (project, client, number))`)
  .catch(() => {});
await client.query("INSERT INTO raw_projects SELECT id, 0 FROM unnest($1::text[]) AS id ON CONFLICT DO NOTHING", [ids]);

const payload = "x".repeat(250);
const name = `c${process.pid}`;
let running = true;
let acked = 0;
let latencies = [];
let number = 0;

/** Every group takes what became ready during the one before: `outstanding` edits of each project, at most. */
async function loop(outstanding) {
  while (running) {
    const started = performance.now();
    await client.query("BEGIN");
    const { rows } = await client.query("SELECT id, revision FROM raw_projects WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE", [ids]);
    const columns = [[], [], [], []];
    for (const { id, revision } of rows)
      for (let i = 1; i <= outstanding; i++) {
        columns[0].push(id);
        columns[1].push(revision + i);
        columns[2].push(name);
        columns[3].push(++number);
      }
    await client.query("INSERT INTO raw_changes SELECT p, r, c, n, $5, $5 FROM unnest($1::text[], $2::integer[], $3::text[], $4::integer[]) AS t(p, r, c, n)", [
      ...columns,
      payload,
    ]);
    await client.query("UPDATE raw_projects SET revision = revision + $2 WHERE id = ANY($1::text[])", [ids, outstanding]);
    await client.query("SELECT pg_notify('raw', id) FROM unnest($1::text[]) AS id", [ids]);
    await client.query("COMMIT");
    acked += columns[0].length;
    const took = performance.now() - started;
    for (let i = 0; i < columns[0].length; i++) latencies.push(took);
  }
}

let looping;
const commands = {
  start: ({ outstanding }) => {
    running = true;
    looping = loop(outstanding);
  },
  reset: () => {
    acked = 0;
    latencies = [];
  },
  read: () => ({ acked, latencies }),
  stop: async () => {
    running = false;
    await looping;
    await client.end();
  },
};
process.on("message", async ({ command, args }) => {
  try {
    process.send({ result: (await commands[command](args)) ?? null });
  } catch (error) {
    process.send({ failed: String(error.stack ?? error) });
  }
});
process.on("disconnect", () => process.exit(0));
process.send({ result: null });
