import type { CommentRecord, TaskRecord } from "@livegantt/core";
import { Avatar, en, formatMoment, useCollectionVersion } from "@livegantt/react";
import { Check, RotateCcw, Send, Trash2 } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { colorOf } from "./colors.ts";
import { useTaskEdits } from "./EditContext.ts";

/** What people say about the task, oldest first. */
export function CommentsSection({ task }: { readonly task: TaskRecord }): ReactNode {
  const { live, commit } = useTaskEdits();
  useCollectionVersion("comments");
  const [text, setText] = useState("");
  const comments = [...live.state.commentsOfTask.of(task.id)]
    .map((id) => live.state.comments.get(id))
    .filter((comment) => comment !== undefined)
    .sort((a, b) => (a.createdAt ?? "~").localeCompare(b.createdAt ?? "~"));
  const send = (event: FormEvent): void => {
    event.preventDefault();
    const said = text.trim();
    if (said === "") return;
    commit("comment.add", (tx) => void tx.add("comments", { task: task.id, text: said }));
    setText("");
  };
  return (
    <section className="section comments">
      <h3>Comments</h3>
      {comments.length === 0 && <p className="muted">Nobody has said anything yet.</p>}
      {comments.map((comment) => (
        <CommentItem key={comment.id} comment={comment} />
      ))}
      {live.role !== "viewer" && (
        <form onSubmit={send} className="comment-form">
          <textarea
            className="input"
            aria-label="Write a comment"
            placeholder="Write a comment"
            rows={2}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
            }}
            data-testid="comment-input"
          />
          <button type="submit" className="icon-button" aria-label="Send the comment" disabled={text.trim() === ""} data-testid="comment-send">
            <Send size={16} aria-hidden="true" />
          </button>
        </form>
      )}
    </section>
  );
}

function CommentItem({ comment }: { readonly comment: CommentRecord }): ReactNode {
  const { live, commit } = useTaskEdits();
  const author = comment.author || live.user.name;
  const mayRemove = comment.author == null || comment.author === live.user.name || live.role === "admin";
  return (
    <div className={`comment${comment.resolved ? " resolved" : ""}`} data-testid="comment">
      <Avatar name={author} color={colorOf(author)} />
      <div className="grow">
        <div className="comment-head">
          <strong>{author}</strong>
          {comment.createdAt && <time dateTime={comment.createdAt}>{formatMoment(en, comment.createdAt, Date.now())}</time>}
        </div>
        <p>{comment.text}</p>
      </div>
      <button
        type="button"
        className="icon-button small"
        aria-label={comment.resolved ? "Open again" : "Mark as resolved"}
        title={comment.resolved ? "Open again" : "Mark as resolved"}
        onClick={() => commit("comment.resolve", (tx) => tx.update("comments", comment.id, { resolved: !comment.resolved }))}
      >
        {comment.resolved ? <RotateCcw size={14} aria-hidden="true" /> : <Check size={14} aria-hidden="true" />}
      </button>
      {mayRemove && (
        <button
          type="button"
          className="icon-button small"
          aria-label="Delete the comment"
          onClick={() => commit("comment.remove", (tx) => tx.remove("comments", comment.id))}
        >
          <Trash2 size={14} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
