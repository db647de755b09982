/** The part of Bryntum's React wrapper that is used, so that this package compiles without it. */
declare module "@bryntum/gantt-react" {
  import type { ForwardRefExoticComponent, RefAttributes } from "react";

  export const BryntumGantt: ForwardRefExoticComponent<Record<string, unknown> & RefAttributes<{ readonly instance: unknown }>>;
}
