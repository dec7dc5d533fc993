const format = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

/** A day as people write it. */
export function day(date: Date | string): string {
  return format.format(new Date(date));
}
