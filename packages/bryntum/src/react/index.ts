"use client";
export { RealtimeGantt, type RealtimeGanttProps } from "./RealtimeGantt.tsx";
