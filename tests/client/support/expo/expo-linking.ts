/** A fake of `expo-linking`. As version 8 does it: a path that begins with a slash makes an address with three. */
export function createURL(path: string): string {
  return `myapp://${path}`;
}
