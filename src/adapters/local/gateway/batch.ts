/**
 * Frames waiting to leave in one write. Connections that are sent the same frames in the same order share one batch,
 * so that the bytes are joined once, however many sockets they go to.
 *
 * A batch is a node of a tree whose path from the root spells the frames. Adding a frame is a step to a child, and the
 * last step taken from a node is remembered: the thousand subscribers of one channel all take it.
 */
export class Batch {
  readonly bytes: number;
  readonly #parent: Batch | undefined;
  readonly #frame: Buffer;
  #child: Batch | undefined;
  #joined: Buffer | undefined;

  private constructor(parent: Batch | undefined, frame: Buffer) {
    this.#parent = parent;
    this.#frame = frame;
    this.bytes = (parent?.bytes ?? 0) + frame.length;
  }

  /** The empty batch, from which those of one flush grow. */
  static root(): Batch {
    return new Batch(undefined, Buffer.alloc(0));
  }

  with(frame: Buffer): Batch {
    if (this.#child === undefined || this.#child.#frame !== frame) this.#child = new Batch(this, frame);
    return this.#child;
  }

  /** All frames as one run of bytes. */
  join(): Buffer {
    if (this.#joined !== undefined) return this.#joined;
    const frames: Buffer[] = [];
    for (let node: Batch | undefined = this; node !== undefined; node = node.#parent)
      frames.push(node.#frame);
    this.#joined = frames.length === 2 ? this.#frame : Buffer.concat(frames.reverse(), this.bytes);
    return this.#joined;
  }
}
