import type { LiveProject } from "@livegantt/client";
import type { DependencyType } from "@livegantt/core";
import { linkTasks } from "@livegantt/svar";
import type { IApi } from "@svar-ui/react-gantt";
import { type RefObject, useEffect } from "react";

const idOf = (bar: Element | null | undefined): string | undefined => bar?.getAttribute("data-id")?.replace(/^:/, "");

/** SS, SF, FS, FF by the sides that are joined. */
const linkTypeOfSides = (from: "start" | "end", to: "start" | "end"): DependencyType => (from === "end" ? (to === "start" ? 2 : 3) : to === "start" ? 0 : 1);

/**
 * Draws a link by dragging from the dot at a bar's end to another bar: to its left half or dot for its start, to its right dot for its end.
 * Two clicks on two dots work too, as the chart has it.
 */
export function useLinkDrag(
  api: IApi | null,
  container: RefObject<HTMLDivElement | null>,
  live: LiveProject,
  callbacks: RefObject<{ readonly onError: (error: unknown) => void }>,
): void {
  useEffect(() => {
    const root = container.current;
    if (!api || !root) return;
    let stop: (() => void) | undefined;

    const onDown = (event: MouseEvent): void => {
      const dot = event.target instanceof Element ? event.target.closest(".wx-link") : null;
      const source = idOf(dot?.closest(".wx-bar"));
      if (!dot || !source || event.button !== 0) return;
      // The chart would start to move the bar.
      event.stopPropagation();
      event.preventDefault();
      const side = dot.classList.contains("wx-left") ? "start" : "end";
      const box = dot.getBoundingClientRect();
      const line = rubberLine(box.left + box.width / 2, box.top + box.height / 2);
      const onMove = (move: MouseEvent): void => line.to(move.clientX, move.clientY);
      const onUp = (up: MouseEvent): void => {
        stop?.();
        const over = document.elementFromPoint(up.clientX, up.clientY);
        const target = idOf(over?.closest(".wx-bar"));
        if (!target || target === source) return;
        const to = over?.closest(".wx-link.wx-right") ? "end" : "start";
        try {
          live.transact("link.add", (tx) => linkTasks(tx, live, source, target, { type: linkTypeOfSides(side, to) }));
        } catch (error) {
          callbacks.current.onError(error);
        }
      };
      const onKey = (key: KeyboardEvent): void => {
        if (key.key === "Escape") stop?.();
      };
      window.addEventListener("mousemove", onMove);
      window.addEventListener("mouseup", onUp);
      window.addEventListener("keydown", onKey);
      root.classList.add("linking");
      stop = () => {
        window.removeEventListener("mousemove", onMove);
        window.removeEventListener("mouseup", onUp);
        window.removeEventListener("keydown", onKey);
        root.classList.remove("linking");
        line.remove();
        stop = undefined;
      };
    };
    root.addEventListener("mousedown", onDown, { capture: true });
    return () => {
      root.removeEventListener("mousedown", onDown, { capture: true });
      stop?.();
    };
  }, [api, container, live, callbacks]);
}

function rubberLine(x: number, y: number): { to(x: number, y: number): void; remove(): void } {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "rubber-line");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  line.setAttribute("x1", String(x));
  line.setAttribute("y1", String(y));
  svg.append(line);
  const to = (toX: number, toY: number): void => {
    line.setAttribute("x2", String(toX));
    line.setAttribute("y2", String(toY));
  };
  to(x, y);
  document.body.append(svg);
  return { to, remove: () => svg.remove() };
}
