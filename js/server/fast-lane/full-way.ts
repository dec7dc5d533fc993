/** Why a request leaves the fast lane. Nothing was written by then. */
export class FullWay extends Error {}
