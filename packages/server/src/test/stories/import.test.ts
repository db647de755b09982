import { describe, expect, it } from "vitest";
import { newProject, request, startServer, twoTasks } from "../harness.ts";

const post = async (url: string, body: string, query = "format=mspdi&name=Imported") => {
  const response = await fetch(`${url}/api/projects?${query}`, { method: "POST", body, headers: { "content-type": "application/xml" } });
  return { status: response.status, body: await response.json() };
};

describe("MS Project XML over HTTP", () => {
  it("what was exported comes in again as a new project, with a report of counts", async () => {
    const { url } = await startServer();
    const id = await newProject(url, { ...twoTasks, dependencies: [{ id: "d", fromTask: "a", toTask: "b", lag: 1, lagUnit: "day" }] });
    const xml = (await request(`${url}/api/projects/${id}/export?format=mspdi`)).body as string;
    const { status, body } = await post(url, xml);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: "Imported",
      revision: 0,
      report: { format: "mspdi", counts: { tasks: { imported: 2 }, dependencies: { imported: 1 } }, items: expect.any(Array) },
    });
    const { tasks, dependencies } = (await request(`${url}/api/projects/${body.id}`)).body;
    expect(tasks.map((task: { name: string }) => task.name)).toEqual(["A", "B"]);
    expect(dependencies).toMatchObject([{ lag: 1 }]);
  });

  it.each([
    [
      "an entity bomb",
      `<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Project><Name>&b;</Name></Project>`,
      "unsafe_xml",
    ],
    ["a truncated file", `<?xml version="1.0"?><Project xmlns="http://schemas.microsoft.com/project"><Tasks><Task><UID>1</UID>`, "broken_xml"],
    ["another format", "ERMHDR\t19.12\t2020-01-01", "wrong_format"],
    ["an empty file", " ", "empty_file"],
  ])("%s is refused with a coded error and nothing is created", async (_name, file, code) => {
    const { url } = await startServer();
    expect(await post(url, file)).toMatchObject({ status: 422, body: { error: { code, action: "fix", message: expect.any(String) } } });
    expect((await request(`${url}/api/projects`)).body.projects).toEqual([]);
  });

  it("JSON where a file is expected is refused with what to send", async () => {
    const { url } = await startServer();
    const answer = await request(`${url}/api/projects?format=mspdi`, "POST", {});
    expect(answer).toMatchObject({ status: 415, body: { error: { code: "unsupported_media_type", message: expect.stringContaining("application/xml") } } });
  });
});
