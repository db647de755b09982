/** Calls back with the next frame, or soon where the page is hidden or there is no page: a hidden tab draws no frames but must keep up. */
export function nextFrame(work: () => void): void {
  if (typeof requestAnimationFrame === "function" && typeof document !== "undefined" && document.visibilityState === "visible") requestAnimationFrame(work);
  else setTimeout(work, 0);
}
