/**
 * Puts right what SVAR's markup tells assistive technology wrongly: a tree that says it is a flat grid, rows counted from 0, names on parts without a role,
 * and a scrolling area that the keyboard cannot reach. Watches the chart, since rows come and go while scrolling. Returns the function that stops.
 */
export function mendSvar(root: HTMLElement, label: string): () => void {
  const mend = (element: Element): void => {
    if (element.getAttribute("role") === "grid") element.setAttribute("role", "treegrid");
    if (element.matches(".wx-table-container [role=treegrid]") && !element.hasAttribute("aria-label")) element.setAttribute("aria-label", label);
    if (element.hasAttribute("aria-rowindex")) element.removeAttribute("aria-rowindex");
    if (element.matches(".wx-grip[role=presentation][aria-label]")) element.removeAttribute("aria-label");
    if (element.matches(".wx-chart") && element.getAttribute("tabindex") !== "0") element.setAttribute("tabindex", "0");
  };
  const wrong = "[role=grid],[role=treegrid],[aria-rowindex],.wx-grip[aria-label],.wx-chart";
  const mendAll = (within: Element): void => {
    mend(within);
    for (const element of within.querySelectorAll(wrong)) mend(element);
  };
  mendAll(root);
  const observer = new MutationObserver((mutations) => {
    for (const mutation of mutations) {
      if (mutation.type === "attributes" && mutation.target instanceof Element) mend(mutation.target);
      for (const node of mutation.addedNodes) if (node instanceof Element) mendAll(node);
    }
  });
  observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["role", "aria-rowindex", "aria-label", "tabindex"] });
  return () => observer.disconnect();
}
