/** What browsers keep of a cookie: the name and value of larger ones are ignored, and the cookie from before stays. */

/** RFC 6265bis section 5.6. */
const MOST_OCTETS = 4096;

/** Whether browsers take a cookie. Values are percent-encoded, so each character is an octet. */
export function fitsCookie(name: string, value: string): boolean {
  return name.length + encodeURIComponent(value).length <= MOST_OCTETS;
}
