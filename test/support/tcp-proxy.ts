import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** Stands between a client and a server, so that a test can do to the wire what networks do. */
export const aTcpProxy = async (target: string) => {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  const halfOpen = new Set<Socket>();
  let refusing = false;
  let lagMs = 0;

  /** What comes from one goes to the other, in order, as late as the wire is slow. */
  const forward = (from: Socket, to: Socket): void => {
    let before = Promise.resolve();
    sockets.add(from);
    from.on('data', bytes => {
      const late = new Promise(resolve => setTimeout(resolve, lagMs));
      before = Promise.all([before, lagMs > 0 && late]).then(() => {
        if (!halfOpen.has(from) && to.writable) to.write(bytes);
      });
    });
    from.on('error', () => from.destroy());
    from.on('close', () => {
      sockets.delete(from);
      // The other end of a wire that is half-open hears nothing, not even of its end.
      if (!halfOpen.delete(from)) void before.then(() => to.destroy());
    });
  };

  const server = createServer(client => {
    if (refusing) return void client.destroy();
    const upstream = connect(Number(port), hostname);
    clients.add(client);
    client.on('close', () => clients.delete(client));
    forward(client, upstream);
    forward(upstream, client);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));

  /** Every connection ends at once, without a word. */
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** How many are open now. */
    get connections(): number {
      return clients.size;
    },
    cut,
    /** Whether new connections end at once; those that are open are cut first. */
    refuse: (refuses: boolean): void => {
      refusing = refuses;
      if (refuses) cut();
    },
    /** From now on whatever is sent arrives so much later. */
    slow: (ms: number): void => {
      lagMs = ms;
    },
    /** Every connection stays open, and nothing that is sent on it arrives, either way. */
    fallSilent: (): void => {
      for (const socket of sockets) halfOpen.add(socket);
    },
    close: (): void => {
      server.close();
      cut();
    },
  };
};
