/** Typed events. A listener that throws harms nobody else. */
export class Emitter<Events extends { error: unknown }> {
  readonly #listeners: { [Type in keyof Events]?: Set<(event: Events[Type]) => void> } = {};

  /** @returns how to stop listening */
  on<Type extends keyof Events>(
    type: Type,
    listener: (event: Events[Type]) => void,
    signal?: AbortSignal,
  ): () => void {
    if (signal?.aborted) return () => {};
    const listeners = this.#listeners[type] ?? new Set();
    this.#listeners[type] = listeners;
    listeners.add(listener);
    const off = () => {
      listeners.delete(listener);
      signal?.removeEventListener('abort', off);
    };
    signal?.addEventListener('abort', off);
    return off;
  }

  emit<Type extends keyof Events>(type: Type, event: Events[Type]): void {
    const listeners = this.#listeners[type];
    // An error that nobody listens for is not kept quiet.
    if (type === 'error' && !listeners?.size) console.error(event);
    for (const listener of [...(listeners ?? [])]) {
      try {
        listener(event);
      } catch (error) {
        if (type === 'error') console.error(error);
        else this.emit('error', error);
      }
    }
  }
}
