import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The chart's style sheet names web fonts on another host: dropped, so that the built page asks nothing of any other host. */
const stripRemoteFonts = {
  name: "strip-remote-fonts",
  enforce: "pre" as const,
  transform(code: string, id: string) {
    if (!/\.css($|\?)/.test(id)) return undefined;
    return { code: code.replace(/@font-face\s*\{[^}]*url\(["']?https?:[^}]*\}/g, ""), map: null };
  },
};

const server = process.env.LIVEGANTT_SERVER ?? "http://127.0.0.1:4600";

export default defineConfig({
  plugins: [stripRemoteFonts, react()],
  resolve: { conditions: ["@livegantt/source", "module", "browser", "development|production"] },
  // No inlined assets and no module-preload script: the page runs under a policy that allows its own files alone.
  build: { outDir: "dist", sourcemap: true, target: "es2023", assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 1200 },
  server: { proxy: { "/gantt-sync": { target: server, ws: true }, "/api": server, "/healthz": server } },
});
