/** Lets one piece of work of each name run at a time, in this thread. */
export function oneByOne(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const before = last.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    const quiet = mine.catch(() => {});
    last.set(name, quiet);
    try {
      return await mine;
    } finally {
      if (last.get(name) === quiet) last.delete(name);
    }
  };
}
