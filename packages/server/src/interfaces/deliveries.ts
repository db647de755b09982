/** How far `onCommitted` has heard of a project: every revision up to this one, of this epoch (W0). */
export interface Delivered {
  readonly epoch: string;
  readonly revision: number;
}

/** Keeps where each project's deliveries stand, and who makes them. Of several servers on one store only one has a project at a time. */
export interface DeliveryStore {
  /** Projects with something to deliver that `owner` could take, those that were changed first at the front. */
  waiting(owner: string): Promise<string[]>;
  /**
   * Takes a project for a time. `false` where another server has it or the project is gone; otherwise how far it was delivered, `null` where nothing was.
   * A store that only one process uses gives it to whoever asks.
   */
  claim(project: string, owner: string, forMs: number): Promise<Delivered | null | false>;
  /** Keeps how far it was delivered, and the project for some more time. False where somebody else has it by now. */
  advance(project: string, owner: string, delivered: Delivered | null, forMs: number): Promise<boolean>;
  /** Lets go of a project. */
  release(project: string, owner: string): Promise<void>;
  /** Goes back (or on) to a place and takes the project from whoever has it. False where there is no such project. */
  rewind(project: string, delivered: Delivered | null): Promise<boolean>;
  /** How far a project was delivered. */
  delivered(project: string): Promise<Delivered | null>;
}
