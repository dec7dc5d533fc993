/** A module that keeps something, as a cache does. */
export const kept: { by?: string } = {};
