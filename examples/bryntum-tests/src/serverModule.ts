export { createServer } from "@livegantt/server";
