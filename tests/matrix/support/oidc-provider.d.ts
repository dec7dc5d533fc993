/** The part of `oidc-provider` 9 that the tests use; the package has no types of its own. */
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  interface Interaction {
    prompt: { name: string };
    params: Record<string, unknown>;
    session?: { accountId: string };
    grantId?: string;
  }

  interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }

  interface Configuration {
    clients: object[];
    claims: Record<string, string[]>;
    features: Record<string, { enabled: boolean }>;
    conformIdTokenClaims: boolean;
    cookies: { keys: string[] };
    ttl: Record<string, number>;
    interactions: { url(ctx: unknown, interaction: { uid: string }): string };
    findAccount(
      ctx: unknown,
      id: string,
    ): { accountId: string; claims(): { sub: string } & Record<string, unknown> };
  }

  export default class Provider {
    constructor(issuer: string, configuration: Configuration);
    Grant: {
      new (of: { accountId: string | undefined; clientId: string }): Grant;
      find(id: string): Promise<Grant | undefined>;
    };
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: Record<string, unknown>,
    ): Promise<void>;
  }
}
