import type { WebSocketConstructor } from "@livegantt/client";

export interface TapHooks {
  opened(socket: object): void;
  received(text: string): void;
}

interface Listening {
  addEventListener?(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

/** A WebSocket class that lets somebody look on. */
export function tapped(Base: WebSocketConstructor, hooks: TapHooks): WebSocketConstructor {
  return class extends Base {
    constructor(url: string) {
      super(url);
      hooks.opened(this);
      (this as Listening).addEventListener?.("message", (event) => {
        if (typeof event.data === "string") hooks.received(event.data);
      });
    }
  };
}
