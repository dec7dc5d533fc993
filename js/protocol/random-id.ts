/** 248 is the largest multiple of 62 in a byte: larger bytes would favour the first letters. */
const FAIR = 248;

/** A row's id as Better Auth makes them: 32 letters and digits. The component holds nothing of Better Auth, nor its generator. */
export function randomId(): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  let id = "";
  while (id.length < 32) {
    for (const byte of crypto.getRandomValues(new Uint8Array(40))) {
      if (byte < FAIR && id.length < 32) id += alphabet[byte % 62];
    }
  }
  return id;
}
