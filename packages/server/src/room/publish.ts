import { FrameGroup, type OwnMessage } from "../socket/frameGroup.ts";
import type { Member } from "./submission.ts";
import type { Decision } from "./turn.ts";

const nothing: readonly OwnMessage[] = [];

/** W4: everybody hears what was decided, in one write each; its author gets the answer in its place. */
export function publish(decisions: readonly Decision[], members: Iterable<Member>): void {
  const own = new Map<Member, OwnMessage[]>();
  const texts: (string | undefined)[] = [];
  let heard = false;
  for (const [at, { submission, answer, broadcast }] of decisions.entries()) {
    texts.push(broadcast);
    heard ||= broadcast !== undefined;
    submission.answer?.(answer);
    if (!submission.member) continue;
    const messages = own.get(submission.member);
    if (messages) messages.push({ at, text: answer });
    else own.set(submission.member, [{ at, text: answer }]);
  }
  const group = new FrameGroup(texts);
  for (const member of members) {
    const messages = own.get(member);
    if (messages || heard) member.deliver(group, messages ?? nothing);
  }
}

/** Everybody hears what other servers wrote. */
export function repeat(texts: readonly string[], members: Iterable<Member>): void {
  const group = new FrameGroup(texts);
  for (const member of members) member.deliver(group, nothing);
}
