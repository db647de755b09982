import type { LiveProject, OpenProjectOptions, TokenSource } from "@livegantt/client";
import { managerDefaults } from "./managerConfig.ts";
import { Observable } from "./observable.ts";
import type { BryntumTexts } from "./texts.ts";
import type { ProjectLike } from "./types.ts";

/** Options and connection of the manager. */
export abstract class ManagerConnection extends Observable {
  static override readonly configurable: Readonly<Record<string, unknown>> = managerDefaults;

  declare project: ProjectLike;
  declare wsUrl: string | null;
  declare url: string | null;
  declare projectId: string | null;
  declare userName: string;
  declare avatar: string | null;
  declare token: TokenSource | null;
  declare debounce: number;
  declare baseReconnectDelay: number;
  declare maxReconnectDelay: number;
  declare maxReconnectAttempts: number;
  declare autoConnect: boolean;
  declare frames: boolean;
  declare conflictDialog: boolean;
  declare locale: string | undefined;
  declare texts: BryntumTexts;
  declare client: Partial<OpenProjectOptions> | undefined;

  declare live: LiveProject;
  reconnectAttempts = 0;
  protected fixedClientId: string | null = null;

  get clientId(): string {
    return this.live?.clientId || this.fixedClientId || "";
  }

  set clientId(value: string | null) {
    this.fixedClientId = value;
  }

  /** Revision of the server that the chart stands on. */
  get serverRevision(): number {
    return this.live.revision;
  }

  connect(): void {
    this.live.connect();
  }

  disconnect(): void {
    this.live.disconnect();
  }

  /** Tries again now. By itself it tries after growing delays, `maxReconnectAttempts` times, and whenever the device has a network again. */
  reconnect(): void {
    this.live.reconnectNow();
  }

  /** Called when the connection is back. The client has asked for what it missed already. */
  onReconnected(): void {
    this.reconnectAttempts = 0;
  }

  /** Called when there were `maxReconnectAttempts` attempts without success. Edits are kept on this device meanwhile. */
  showOfflineMode(): void {
    this.trigger("offline");
  }
}
