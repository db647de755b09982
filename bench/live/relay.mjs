// The physical anchor: no plan, no laws, no disk. A server that forwards each frame to all others.
import { once } from "node:events";
import WebSocket, { WebSocketServer } from "ws";

export const name = "bare ws relay";

export async function startServer() {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  await once(server, "listening");
  const sockets = new Set();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("message", (data) => {
      for (const other of sockets) if (other !== socket) other.send(data, { binary: false });
    });
  });
  return { url: `ws://127.0.0.1:${server.address().port}`, close: async () => server.close() };
}

export async function connect({ url }) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, "open");
  let seen = () => {};
  socket.on("message", (data) => {
    const { id, value } = JSON.parse(data);
    seen(id, value);
  });
  return {
    edit: (id, value) => socket.send(JSON.stringify({ type: "set", id, field: "duration", value })),
    onRemote: (listener) => {
      seen = listener;
    },
    close: () => socket.terminate(),
  };
}
