const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** A day and a time as people write them. */
export function dayAndTime(date: Date | string | number): string {
  return format.format(new Date(date));
}
