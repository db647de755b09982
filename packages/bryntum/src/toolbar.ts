import type { ConnectionStatus, PresentUser } from "@livegantt/client";
import { escapeHtml, initials, safeColor, safeImage } from "./html.ts";
import type { BryntumTexts } from "./texts.ts";
import type { GanttLike } from "./types.ts";

/** One person as markup: the picture where there is one, else initials, in that person's colour, with the name for everybody who points or listens. */
export function avatarHtml(user: PresentUser, own: boolean, texts: BryntumTexts): string {
  const name = escapeHtml(own ? `${user.name} (${texts.you})` : user.name);
  const colour = safeColor(user.color);
  const image = safeImage(user.avatar);
  const data = `data-client="${escapeHtml(user.clientId)}"`;
  return image
    ? `<img class="lg-avatar" ${data} src="${escapeHtml(image)}" alt="${name}" title="${name}" style="border-color:${colour}">`
    : `<span class="lg-avatar" ${data} role="img" aria-label="${name}" title="${name}" style="--lg-user-color:${colour}">${escapeHtml(initials(user.name))}</span>`;
}

export interface ToolbarState {
  readonly users: readonly PresentUser[];
  readonly ownClientId: string;
  readonly status: ConnectionStatus;
  readonly retryInMs: number | undefined;
  readonly unsaved: number;
  readonly toDecide: number;
}

const dots: Readonly<Record<ConnectionStatus, string>> = {
  live: "connected",
  connecting: "waiting",
  syncing: "waiting",
  reconnecting: "disconnected",
  offline: "disconnected",
  denied: "disconnected",
  outdated: "disconnected",
};

export function statusHtml(state: ToolbarState, texts: BryntumTexts): string {
  const retry =
    state.status === "reconnecting" && state.retryInMs !== undefined && state.retryInMs >= 1000 ? `, ${texts.retryIn(Math.round(state.retryInMs / 1000))}` : "";
  const unsaved =
    state.unsaved > 0 && state.status !== "live" ? ` <span class="lg-status-saved pending">${escapeHtml(texts.unsaved(state.unsaved))}</span>` : "";
  const decide =
    state.toDecide > 0 ? ` <button type="button" class="lg-button small lg-open-conflicts">${escapeHtml(texts.toDecide(state.toDecide))}</button>` : "";
  return `<span class="lg-status" role="status"><span class="lg-status-line"><span class="status-dot ${dots[state.status]}"></span> ${escapeHtml(texts.status[state.status] + retry)}</span>${unsaved}${decide}</span>`;
}

/** Fills the widgets `userPresence` and `connectionStatus` of a Gantt, where it has them. */
export function fillToolbar(gantt: GanttLike, state: ToolbarState, texts: BryntumTexts): void {
  const presence = gantt.widgetMap?.userPresence;
  if (presence && !presence.isDestroyed) {
    const items = state.users.map((user) => ({ type: "widget", cls: "lg-presence-item", html: avatarHtml(user, user.clientId === state.ownClientId, texts) }));
    if ("items" in presence) presence.items = items;
    else presence.html = items.map(({ html }) => html).join("");
  }
  const status = gantt.widgetMap?.connectionStatus;
  if (status && !status.isDestroyed) status.html = statusHtml(state, texts);
}
