/** What `work`, which never rejects, gives in time, or `late`. */
export function within<T>(ms: number, work: Promise<T>, late: T): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(late), ms);
    void work.then(resolve).finally(() => clearTimeout(timer));
  });
}
