/** Declares what is shown on emulated AWS, in a sentence. */
export type OnAws = (sentence: string, body: () => Promise<void>, timeoutMs?: number) => void;
