/** Exit codes, for CI. */
export const exit = { fine: 0, problems: 1, usage: 2 } as const;

/** 0 fine, 1 problems found, 2 wrong usage. */
export type ExitCode = (typeof exit)[keyof typeof exit];
