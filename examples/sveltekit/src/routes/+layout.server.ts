/** What the server knows of the visitor: the first paint shows it. Runs once, not at each navigation. */
export const load = async ({ locals }) => ({ auth: await locals.auth.getState() });
