export interface Sabotage {
  readonly name: string;
  readonly file: string;
  readonly anchor: string;
  readonly replacement: string;
}
export const sabotages: readonly Sabotage[];
export function apply(source: string, sabotage: Sabotage): string;
