/** Exit codes, for CI. Wrong usage and "could not look" are one: in both cases nothing was found out. */
export const exit = { fine: 0, problems: 1, usage: 2, unseen: 2 } as const;

/** 0 fine, 1 problems found, 2 wrong usage or nothing could be looked at. */
export type ExitCode = (typeof exit)[keyof typeof exit];
