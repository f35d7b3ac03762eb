/** Many calls with the same key in a short time become one at the end of it, so that a burst of frames is one request. */
export function coalesce(run: (key: string) => void, waitMs: number): { call(key: string): void; cancel(): void } {
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  return {
    call(key) {
      if (waiting.has(key)) return;
      waiting.set(
        key,
        setTimeout(() => {
          waiting.delete(key);
          run(key);
        }, waitMs),
      );
    },
    cancel() {
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
