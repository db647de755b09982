import { expect, test } from "vitest";
import { type Act, actOn, randomFrom } from "./actions.ts";
import { closePages, drawn, expectSame, newProject, openPage, type Page, settle } from "./rig.ts";

const rounds = Number(process.env.FUZZ_ROUNDS ?? 60);

/** What cannot be kept any more (an end of a link has gone, a loop would close) is given up. */
function decide({ manager: { live } }: Page, choice: "keep_local" | "accept_server"): void {
  for (const { id } of live.conflicts) {
    try {
      live.resolve(id, choice);
    } catch {
      live.resolve(id, "accept_server");
    }
  }
}

/** Two charts, random edits at the same time, delays and cuts; whatever happened, all end equal. */
async function play(seed: number): Promise<void> {
  const random = randomFrom(seed);
  const id = await newProject();
  const delay = (): number => Math.floor(random() * 4);
  const pages: Page[] = await Promise.all([openPage(id, "Ann", { delay }), openPage(id, "Ben", { delay })]);
  const told: Act[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const from = told.length;
      for (const page of pages) {
        const cut = random() < 0.15;
        if (cut) page.network.cut();
        for (let n = 1 + Math.floor(random() * 3); n > 0; n--) told.push(await actOn(page, random, `${seed}-${round}`));
        if (!cut) continue;
        await page.manager.binding.flush();
        page.network.heal();
        page.manager.reconnect();
      }
      await settle(id, ...pages);
      // Somebody decides now and then.
      for (const page of pages) if (page.manager.live.conflicts.length > 3 || random() < 0.3) decide(page, random() < 0.5 ? "keep_local" : "accept_server");
      await settle(id, ...pages);
      try {
        await expectSame(id, ...pages);
      } catch (error) {
        const report = pages.map((page) =>
          [page.name, ...drawn(page), ...page.sent.slice(-6).map((sent) => JSON.stringify(sent)), ...page.refused.slice(-4)].join("\n"),
        );
        throw new Error(`round ${round}: ${told.slice(from).join("; ")}\n${(error as Error).message}\n${report.join("\n")}`, { cause: error });
      }
    }
    expect(
      pages.flatMap(({ refused }) =>
        refused.filter((message) => !/loop|cycle|under itself|already|ancestor|summary|calendar|removed|refers to|does not exist/i.test(message)),
      ),
    ).toEqual([]);
  } finally {
    closePages(...pages);
  }
}

/** One test for each of five seeds. `FUZZ_FIRST` shifts them, `FUZZ_ROUNDS` makes them longer. */
export function fuzz(first: number): void {
  const from = first + Number(process.env.FUZZ_FIRST ?? 0);
  for (let seed = from; seed < from + 5; seed++) test(`P2 ${rounds} rounds of two people at once end equal (seed ${seed})`, () => play(seed), 600_000);
}
