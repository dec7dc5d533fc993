/** A SAML identity provider, made of `samlify`: it answers a service provider's request for whoever asks. */
import { randomUUID } from "node:crypto";
import * as saml from "samlify";
import { generate } from "selfsigned";

/** The provider and what a service provider is told of it. */
export interface SamlIdentityProvider {
  entityId: string;
  entryPoint: string;
  certificate: string;
  /** The answer to a request, as the browser carries it: base64 in a form's `SAMLResponse`. */
  answer(
    request: URL,
    serviceProvider: { metadata: string; acs: string },
    email: string,
  ): Promise<string>;
}

const BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
const REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const LIFE_MS = 300_000;

/** Makes one with a key of its own. */
export async function createSamlIdentityProvider(): Promise<SamlIdentityProvider> {
  // The library wants a validator; what is sent here is made by itself.
  saml.setSchemaValidator({ validate: () => Promise.resolve("made by samlify") });
  const pems = await generate([{ name: "commonName", value: "idp.example" }], { keySize: 2048 });
  const entityId = "https://idp.example/metadata";
  const entryPoint = "https://idp.example/sso";
  const provider = saml.IdentityProvider({
    entityID: entityId,
    privateKey: pems.private,
    signingCert: pems.cert,
    isAssertionEncrypted: false,
    singleSignOnService: [{ Binding: REDIRECT, Location: entryPoint }],
    loginResponseTemplate: {
      context: saml.SamlLib.defaultLoginResponseTemplate.context,
      attributes: ["email", "displayName"].map((name) => ({
        name,
        valueTag: name,
        nameFormat: BASIC,
        valueXsiType: "xs:string",
      })),
    },
  });
  return {
    entityId,
    entryPoint,
    certificate: pems.cert,
    async answer(request, { metadata, acs }, email) {
      const serviceProvider = saml.ServiceProvider({ metadata });
      const parsed = await provider.parseLoginRequest(serviceProvider, "redirect", {
        query: Object.fromEntries(request.searchParams),
      });
      const { context } = await provider.createLoginResponse(
        serviceProvider,
        { extract: parsed.extract },
        "post",
        { email },
        (template: string) => ({
          id: `_${randomUUID()}`,
          context: saml.SamlLib.replaceTagsByValue(template, {
            ...tagsOf(entityId, acs, serviceProvider.entityMeta.getEntityID(), email),
            InResponseTo: String(parsed.extract.request?.id),
          }),
        }),
      );
      return context;
    },
  };
}

/** What the library's template of a response has holes for. */
function tagsOf(
  issuer: string,
  acs: string,
  audience: string,
  email: string,
): Record<string, string> {
  const now = new Date();
  const until = new Date(now.getTime() + LIFE_MS).toISOString();
  return {
    ID: `_${randomUUID()}`,
    AssertionID: `_${randomUUID()}`,
    Issuer: issuer,
    IssueInstant: now.toISOString(),
    Destination: acs,
    AssertionConsumerServiceURL: acs,
    SubjectRecipient: acs,
    Audience: audience,
    StatusCode: "urn:oasis:names:tc:SAML:2.0:status:Success",
    NameIDFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    NameID: email,
    ConditionsNotBefore: now.toISOString(),
    ConditionsNotOnOrAfter: until,
    SubjectConfirmationDataNotOnOrAfter: until,
    AuthnStatement: "",
    attrEmail: email,
    attrDisplayName: email.split("@")[0] ?? "",
  };
}
