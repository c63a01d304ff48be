import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Written once a message: the head is put together once, the body comes in ready. */
export interface HttpTarget {
  readonly port: number;
  readonly path: string;
  readonly headers: readonly string[];
}

interface Job {
  readonly body: string;
  readonly done: (status: number) => void;
  readonly failed: (error: Error) => void;
}

/** Keep-alive connections with one request in flight on each; what comes while all are busy waits its turn. */
export class HttpPool {
  readonly #head: string;
  readonly #idle: HttpConnection[] = [];
  readonly #all: HttpConnection[] = [];
  readonly #waiting: Job[] = [];
  #broken: Error | undefined;

  private constructor(target: HttpTarget) {
    this.#head = [`POST ${target.path} HTTP/1.1`, `Host: 127.0.0.1:${target.port}`, ...target.headers].join(
      '\r\n',
    );
  }

  static async open(target: HttpTarget, size: number): Promise<HttpPool> {
    const pool = new HttpPool(target);
    for (let i = 0; i < size; i++) {
      const connection = await HttpConnection.open(target.port, pool);
      pool.#all.push(connection);
      pool.free(connection);
    }
    return pool;
  }

  /** @returns the status of the answer; fails once any connection was lost, for one lost request spoils a run */
  post(body: string): Promise<number> {
    return new Promise((done, failed) => {
      if (this.#broken !== undefined) {
        failed(this.#broken);
        return;
      }
      const job = { body, done, failed };
      // The one that was idle longest, so that none is so long that the server closes it.
      const connection = this.#idle.shift();
      if (connection === undefined) this.#waiting.push(job);
      else this.#send(connection, job);
    });
  }

  close(): void {
    for (const connection of this.#all) connection.close();
  }

  free(connection: HttpConnection): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(connection);
    else this.#send(connection, next);
  }

  lost(error: Error): void {
    this.#broken = error;
    for (const job of this.#waiting.splice(0)) job.failed(error);
  }

  #send(connection: HttpConnection, job: Job): void {
    connection.send(
      `${this.#head}\r\nContent-Length: ${Buffer.byteLength(job.body)}\r\n\r\n${job.body}`,
      job,
    );
  }
}

class HttpConnection {
  readonly #socket: Socket;
  readonly #pool: HttpPool;
  #job: Job | undefined;
  #answer = '';
  #closing = false;

  private constructor(socket: Socket, pool: HttpPool) {
    this.#socket = socket;
    this.#pool = pool;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('close', () => this.#lost());
  }

  static async open(port: number, pool: HttpPool): Promise<HttpConnection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    // What an error means to us, `close` says, which follows it.
    socket.on('error', () => {});
    return new HttpConnection(socket, pool);
  }

  send(request: string, job: Job): void {
    this.#job = job;
    this.#socket.write(request);
  }

  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#answer += text;
    if (!isComplete(this.#answer)) return;
    const status = Number(this.#answer.slice(9, 12));
    const job = this.#job;
    this.#answer = '';
    this.#job = undefined;
    this.#pool.free(this);
    job?.done(status);
  }

  #lost(): void {
    if (this.#closing) return;
    const error = new Error('the server closed an HTTP connection');
    this.#job?.failed(error);
    this.#pool.lost(error);
  }
}

/** One answer is on its way at a time, so its end is the end of what was read. */
const isComplete = (answer: string): boolean => {
  const head = answer.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer.slice(0, head));
  return length === null ? answer.endsWith('\r\n0\r\n\r\n') : answer.length >= head + 4 + Number(length[1]);
};
