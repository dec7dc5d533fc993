export function Loading() {
  return <p className="card faint">One moment…</p>;
}
