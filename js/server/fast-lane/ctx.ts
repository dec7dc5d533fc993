/** What of an HTTP action's ctx the lane uses. */
export interface LaneCtx {
  runQuery(reference: never, args: never): Promise<unknown>;
  runMutation(reference: never, args: never): Promise<unknown>;
}
