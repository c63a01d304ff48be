/** What comes from a socket. After `close` nothing does. */
export interface SocketEvents {
  readonly open: () => void;
  readonly message: (text: string) => void;
  readonly close: (code: number, reason: string) => void;
}

export interface Socket {
  send(text: string): void;
  close(): void;
}

/** How frames travel. */
export interface Transport {
  open(url: string, protocols: string[], on: SocketEvents): Socket;
  /** The client was closed and opens nothing any more. */
  close?(): void;
}

/** The platform's own WebSocket: browsers, Node, Deno and Bun have it. */
export const webSocket: Transport = {
  open: (url, protocols, on) => {
    const socket = new WebSocket(url, protocols);
    socket.onopen = on.open;
    socket.onmessage = ({ data }) => on.message(data);
    socket.onclose = ({ code, reason }) => on.close(code, reason);
    return socket;
  },
};
