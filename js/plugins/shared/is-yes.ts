/** Whether a query parameter says yes: any value but "", "0" and "false". */
export function isYes(value: unknown): boolean {
  return value !== undefined && !["", "0", "false"].includes(String(value));
}
