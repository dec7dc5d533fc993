/** A fake of `expo-linking`. */
export function createURL(path: string): string {
  return `myapp://${path.replace(/^\//, "")}`;
}
