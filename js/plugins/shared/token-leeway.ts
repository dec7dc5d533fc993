/**
 * How much of its session a token must have before it, in ms. Convex's client (1.48) asks for the next token 10 s before a
 * token's end, and so at once, again and again, for tokens that live no longer than that. A session that ends sooner and
 * cannot be renewed is therefore over for the token endpoint, and no client ever sees such a token.
 */
export const TOKEN_LEEWAY_MS = 15_000;
