import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { FrameGroup } from "./frameGroup.ts";
import { rawStream } from "./wsInternals.ts";

/** A real pair of sockets; `heard` collects what the client got. */
async function pair() {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  await once(server, "listening");
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [[socket]] = (await Promise.all([once(server, "connection"), once(client, "open")])) as [[WebSocket], unknown];
  const heard: string[] = [];
  client.on("message", (data) => heard.push(String(data)));
  return {
    socket,
    heard,
    async until(last: string) {
      while (heard.at(-1) !== last) await once(client, "message");
    },
    close() {
      client.terminate();
      server.close();
    },
  };
}

const cannotFrame = () => undefined;
const sizes = ["", "a", "b".repeat(125), "c".repeat(126), "ü".repeat(40_000), "d".repeat(70_000), "end"];

describe.each([
  ["pre-framed, one write", undefined],
  ["fallback to send", cannotFrame],
])("FrameGroup, %s", (_name, frame) => {
  let peer: Awaited<ReturnType<typeof pair>>;
  beforeEach(async () => {
    peer = await pair();
  });
  afterEach(() => peer.close());

  it("messages of every frame length arrive whole and in order", async () => {
    new FrameGroup(sizes, frame).send(peer.socket);
    await peer.until("end");
    expect(peer.heard).toEqual(sizes);
  });

  it("W4 an author gets its own answers in place of its own changes, between those of others", async () => {
    const group = new FrameGroup(["r1", "r2", undefined, "r3", "end"], frame);
    group.sendWith(peer.socket, [
      { at: 1, text: "ack 2" },
      { at: 2, text: "conflict" },
      { at: 3, text: "ack 3" },
    ]);
    await peer.until("end");
    expect(peer.heard).toEqual(["r1", "ack 2", "conflict", "ack 3", "end"]);
  });

  it("the first and last places and several answers at one place keep their order", async () => {
    const group = new FrameGroup(["r1", undefined, "r2"], frame);
    group.sendWith(peer.socket, [
      { at: 0, text: "ack 1" },
      { at: 1, text: "error a" },
      { at: 1, text: "error b" },
      { at: 2, text: "end" },
    ]);
    await peer.until("end");
    expect(peer.heard).toEqual(["ack 1", "error a", "error b", "end"]);
  });

  it("the others hear nothing of answers that are not theirs", async () => {
    const group = new FrameGroup([undefined, "r1", undefined], frame);
    group.send(peer.socket);
    new FrameGroup([undefined], frame).send(peer.socket);
    peer.socket.send("end");
    await peer.until("end");
    expect(peer.heard).toEqual(["r1", "end"]);
  });

  it("frames written to the stream and frames by send keep one order", async () => {
    peer.socket.send("1");
    new FrameGroup(["2", "3"], frame).send(peer.socket);
    peer.socket.send("4");
    await peer.until("4");
    expect(peer.heard).toEqual(["1", "2", "3", "4"]);
  });
});

describe("FrameGroup on this release of ws", () => {
  it("a group is one write to the stream", async () => {
    const peer = await pair();
    const stream = rawStream(peer.socket);
    if (!stream) throw new Error("this release of ws hides its stream: broadcasts fall back to send");
    let writes = 0;
    const write = stream.write.bind(stream) as (chunk: Buffer) => boolean;
    stream.write = ((chunk: Buffer) => {
      writes++;
      return write(chunk);
    }) as typeof stream.write;
    new FrameGroup(["1", "2", "3"]).send(peer.socket);
    new FrameGroup(["4", "5", "end"]).sendWith(peer.socket, [{ at: 1, text: "own" }]);
    await peer.until("end");
    expect(writes).toBe(2);
    peer.close();
  });

  it("a closed socket takes nothing and throws nothing", async () => {
    const peer = await pair();
    peer.socket.terminate();
    new FrameGroup(["1"]).send(peer.socket);
    expect(rawStream(peer.socket)).toBeUndefined();
    peer.close();
  });
});
