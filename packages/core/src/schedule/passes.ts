import type { Touched } from "../changes/changeset.ts";
import { NodeHeap } from "../graph/heap.ts";
import { body, boundsPredecessor, boundsSuccessor, gate, head, none } from "../graph/precedenceGraph.ts";
import type { ProjectRecord } from "../model/collections.ts";
import type { ProjectState } from "../model/state.ts";
import { BackwardPass } from "./backwardPass.ts";
import { ForwardPass } from "./forwardPass.ts";
import { contrary, inactive } from "./inputs.ts";
import { Mirror, type MirrorEvents } from "./mirror.ts";
import type { Plan } from "./plan.ts";

/** A pass with the nodes that wait to be computed again; `whole`: all of them. */
interface Lane<Pass> {
  readonly pass: Pass;
  readonly heap: NodeHeap;
  whole: boolean;
}

/** Ids whose dates changed since they were last asked for; `all` where that is not known one by one. */
export interface Moved {
  readonly ids: string[];
  all: boolean;
}

/**
 * Runs the passes. In a project that runs forward early dates are settled at once and late dates when they are asked for, in one that runs backward the other way round.
 * Contrary tasks, placed at the other end of their slack, need both at once and one pass more.
 */
export class Passes implements MirrorEvents {
  readonly mirror: Mirror;
  readonly plan: Plan;
  readonly early: ForwardPass;
  readonly late: BackwardPass;
  readonly #early: Lane<ForwardPass>;
  readonly #late: Lane<BackwardPass>;
  readonly #placedEarly: Lane<ForwardPass>;
  readonly #placedLate: Lane<BackwardPass>;
  #topStale = true;
  #decidesEnd = none;
  /** Tasks whose placed dates, whose other dates, or whose other fields may differ. */
  readonly placedMoved: Moved = { ids: [], all: true };
  readonly otherMoved: Moved = { ids: [], all: true };
  readonly edited = new Set<string>();
  readonly reorderedParents = new Set<string | null>();

  constructor(state: ProjectState) {
    this.mirror = new Mirror(state, this);
    this.plan = this.mirror.plan;
    this.early = new ForwardPass(this.plan);
    this.late = new BackwardPass(this.plan, this.early);
    this.#early = { pass: this.early, heap: new NodeHeap(0), whole: true };
    this.#late = { pass: this.late, heap: new NodeHeap(0, true), whole: true };
    this.#placedEarly = { pass: new ForwardPass(this.plan, this.late), heap: new NodeHeap(0), whole: true };
    this.#placedLate = { pass: new BackwardPass(this.plan, this.early, this.early), heap: new NodeHeap(0, true), whole: true };
    this.#reserve();
    this.#settle();
  }

  get #lanes(): readonly Lane<ForwardPass | BackwardPass>[] {
    return [this.#early, this.#late, this.#placedEarly, this.#placedLate];
  }

  /** Early and late dates between which tasks have slack. */
  get slackStart(): ForwardPass {
    return this.mirror.contraries > 0 && !this.plan.backward ? this.#placedEarly.pass : this.early;
  }

  get slackEnd(): BackwardPass {
    return this.mirror.contraries > 0 && this.plan.backward ? this.#placedLate.pass : this.late;
  }

  /** The pass that holds the dates at which tasks are placed. */
  get placed(): ForwardPass | BackwardPass {
    if (this.mirror.contraries === 0) return this.plan.backward ? this.late : this.early;
    return this.plan.backward ? this.#placedLate.pass : this.#placedEarly.pass;
  }

  #reserve(): void {
    for (const lane of this.#lanes) {
      lane.pass.reserve();
      lane.heap.grow(4 * this.plan.graph.capacity);
    }
  }

  forward(node: number): void {
    this.#push(this.#early, node);
    this.#push(this.#placedEarly, node);
  }

  backward(node: number): void {
    this.#push(this.#late, node);
    this.#push(this.#placedLate, node);
  }

  forget(slot: number): void {
    this.#reserve();
    for (const lane of this.#lanes) lane.pass.forget(slot);
  }

  top(): void {
    this.#topStale = true;
  }

  shown(id: string): void {
    this.edited.add(id);
  }

  reordered(parent: string | null): void {
    this.reorderedParents.add(parent);
  }

  /** Nodes are collected without order while the graph changes; `#sort` lines them up. */
  readonly #pending = new Map<Lane<ForwardPass | BackwardPass>, number[]>();

  #push(lane: Lane<ForwardPass | BackwardPass>, node: number): void {
    const list = this.#pending.get(lane);
    if (list) list.push(node);
    else this.#pending.set(lane, [node]);
  }

  #sort(): void {
    const { label } = this.plan.order;
    for (const [lane, nodes] of this.#pending) {
      if (!lane.whole && this.#isUsed(lane)) for (const node of nodes) lane.heap.push(node, label[node] as number);
      nodes.length = 0;
    }
    // Labels may have moved under nodes that waited already.
    for (const lane of this.#lanes) {
      if (lane.heap.size === 0) continue;
      const waiting = [...lane.heap.nodes()];
      lane.heap.clear();
      if (!lane.whole) for (const node of waiting) lane.heap.push(node, label[node] as number);
    }
  }

  #isUsed(lane: Lane<ForwardPass | BackwardPass>): boolean {
    if (lane === this.#early || lane === this.#late || (this.mirror.contraries > 0 && (lane === this.#placedLate) === this.plan.backward)) return true;
    lane.whole = true;
    return false;
  }

  /** Takes over changed records and settles what must be right at once. */
  update(touched: Touched, project: ProjectRecord): void {
    const hadContraries = this.mirror.contraries > 0;
    const whole = this.mirror.update(touched, project);
    this.#reserve();
    if (hadContraries !== this.mirror.contraries > 0) {
      this.placedMoved.all = true;
      this.otherMoved.all = true;
    }
    if (whole) for (const lane of this.#lanes) lane.whole = true;
    this.#sort();
    this.#settle();
  }

  recompute(): void {
    for (const lane of this.#lanes) lane.whole = true;
    this.#settle();
    this.settleAll();
  }

  #settle(): void {
    if (this.plan.backward) {
      this.#settleLate();
      if (this.mirror.contraries > 0) {
        this.#settleEarly();
        this.#run(this.#placedLate, this.placedMoved);
      }
    } else {
      this.#settleEarly();
      if (this.mirror.contraries > 0) {
        this.#settleLate();
        this.#run(this.#placedEarly, this.placedMoved);
      }
    }
  }

  /** Settles the dates that were left for later. */
  settleAll(): void {
    if (this.plan.backward) this.#settleEarly();
    else this.#settleLate();
  }

  #settleEarly(): void {
    const { plan } = this;
    this.#run(this.#early, plan.backward || this.mirror.contraries > 0 ? this.otherMoved : this.placedMoved);
    if (plan.backward || !this.#topStale) return;
    this.#topStale = false;
    const { graph, columns } = plan;
    let end = Number.NEGATIVE_INFINITY;
    this.#decidesEnd = none;
    for (let slot = graph.firstTop; slot !== none; slot = graph.nextSibling[slot] as number) {
      if (((columns.flags[slot] as number) & inactive) !== 0) continue;
      const reach = this.early.reachAt(slot);
      if (reach > end) {
        end = reach;
        this.#decidesEnd = slot;
      }
    }
    if (this.#decidesEnd === none) end = plan.start;
    if (end === plan.end) return;
    plan.end = end;
    this.#late.whole = true;
  }

  #settleLate(): void {
    const { plan } = this;
    const moved = plan.backward && this.mirror.contraries === 0 ? this.placedMoved : this.otherMoved;
    if (!this.#run(this.#late, moved) && !this.#topStale) return;
    if (!plan.backward) return;
    this.#topStale = false;
    const { graph, columns } = plan;
    let start = Number.POSITIVE_INFINITY;
    for (let slot = graph.firstTop; slot !== none; slot = graph.nextSibling[slot] as number)
      if (((columns.flags[slot] as number) & inactive) === 0) start = Math.min(start, this.late.startAt(slot));
    if (start === Number.POSITIVE_INFINITY) start = plan.end;
    if (start === plan.start) return;
    plan.start = start;
    this.#early.whole = true;
  }

  #run(lane: Lane<ForwardPass> | Lane<BackwardPass>, moved: Moved): boolean {
    if (lane.whole) {
      lane.whole = false;
      lane.heap.clear();
      lane.pass.run(this.plan.order.sorted());
      moved.all = true;
      moved.ids.length = 0;
      this.#topStale = true;
      for (const other of this.#lanes) if (other !== lane && this.#follows(lane, other)) other.whole = true;
      return true;
    }
    if (lane.heap.size === 0) return false;
    if (lane === this.#early || lane === this.#placedEarly) this.#sweepForward(lane as Lane<ForwardPass>, moved);
    else this.#sweepBackward(lane as Lane<BackwardPass>, moved);
    return true;
  }

  /** Whether a lane reads dates of another at once, so that it is whole again after it. */
  #follows(lane: Lane<ForwardPass> | Lane<BackwardPass>, other: Lane<ForwardPass | BackwardPass>): boolean {
    if (lane === this.#early) return this.plan.backward ? other === this.#placedLate : other !== this.#early;
    return lane === this.#late && (this.plan.backward ? other !== this.#late : other === this.#placedEarly);
  }

  #note(moved: Moved, slot: number): void {
    if (!moved.all) moved.ids.push(this.plan.graph.ids[slot] as string);
  }

  #sweepForward({ pass, heap }: Lane<ForwardPass>, moved: Moved): void {
    const { graph, order, columns, backward } = this.plan;
    const label = order.label;
    const isEarly = pass === this.early;
    const add = (node: number): void => heap.push(node, label[node] as number);
    for (let node = heap.pop(); node >= 0; node = heap.pop()) {
      const slot = node >> 2;
      if (!graph.isNode(node) || !pass.evaluate(node)) continue;
      const part = node & 3;
      const summary = graph.summary[slot] === 1;
      const parent = graph.parent[slot] as number;
      if (part === gate && summary) {
        add(4 * slot);
        add(4 * slot + head);
        for (let c = graph.firstChild[slot] as number; c !== none; c = graph.nextSibling[c] as number) add(graph.summary[c] === 1 ? 4 * c + gate : 4 * c);
      } else {
        this.#note(moved, slot);
        if (parent === none) {
          if (slot === this.#decidesEnd || pass.reachAt(slot) > this.plan.end) this.#topStale = true;
        } else if (pass.movesParent(slot, parent)) {
          if (part === body) add(4 * parent);
          if (part === head || !summary) add(4 * parent + head);
        }
      }
      for (let e = graph.firstOut[slot] as number; e !== none; e = graph.nextOut[e] as number)
        if (((graph.effect[e] as number) & boundsSuccessor) !== 0 && (!summary || graph.fromNode(e) === node)) add(graph.toNode(e));
      if (isEarly) this.#earlyMoved(slot, part, summary, parent, backward, columns.flags[slot] as number);
    }
  }

  /** Late dates, and placed ones, that look at early dates of the same task. */
  #earlyMoved(slot: number, part: number, summary: boolean, parent: number, backward: boolean, flags: number): void {
    const label = this.plan.order.label;
    if (backward) {
      if ((flags & contrary) !== 0 && !this.#placedLate.whole) this.#placedLate.heap.push(4 * slot, label[4 * slot] as number);
      return;
    }
    if (this.#late.whole) return;
    const { graph } = this.plan;
    const add = (node: number): void => this.#late.heap.push(node, label[node] as number);
    if (!summary) {
      if ((flags & inactive) !== 0 || (parent !== none && this.late.headBound[parent] !== Number.POSITIVE_INFINITY)) add(4 * slot);
    } else if (part === head) {
      add(4 * slot + head);
      if (this.late.headBound[slot] !== Number.POSITIVE_INFINITY)
        for (let c = graph.firstChild[slot] as number; c !== none; c = graph.nextSibling[c] as number) add(graph.summary[c] === 1 ? 4 * c + head : 4 * c);
    }
  }

  #sweepBackward({ pass, heap }: Lane<BackwardPass>, moved: Moved): void {
    const { graph, order, columns, backward } = this.plan;
    const label = order.label;
    const add = (node: number): void => heap.push(node, label[node] as number);
    const predecessors = (slot: number): void => {
      for (let e = graph.firstIn[slot] as number; e !== none; e = graph.nextIn[e] as number)
        if (((graph.effect[e] as number) & boundsPredecessor) !== 0) add(graph.fromNode(e));
    };
    for (let node = heap.pop(); node >= 0; node = heap.pop()) {
      const slot = node >> 2;
      if (!graph.isNode(node) || !pass.evaluate(node)) continue;
      const part = node & 3;
      const parent = graph.parent[slot] as number;
      if (graph.summary[slot] === 0 || part === gate) {
        this.#note(moved, slot);
        predecessors(slot);
        if (parent !== none) add(4 * parent + gate);
        if (pass !== this.late || graph.summary[slot] === 1 || ((columns.flags[slot] as number) & contrary) === 0) continue;
        if (!backward && !this.#placedEarly.whole) this.#placedEarly.heap.push(4 * slot, label[4 * slot] as number);
        continue;
      }
      add(4 * slot + gate);
      for (let c = graph.firstChild[slot] as number; c !== none; c = graph.nextSibling[c] as number)
        add(graph.summary[c] === 0 ? 4 * c : part === head ? 4 * c + head : 4 * c + body);
    }
  }
}
