/**
 * The tables of Better Auth's core and official plugins with the indexes that its queries use. Nothing else has to be
 * declared: Convex accepts other tables and fields too. Written by `cargo run -p gate-testkit --features codegen --bin codegen`
 * from the catalogue that the planner reads.
 */
import type { GenericSchema, SchemaDefinition } from "convex/server";
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

const schema: SchemaDefinition<GenericSchema, false> = defineSchema(
  {
    user: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_email", ["email"])
      .index("by_name", ["name"])
      .index("by_createdAt", ["createdAt"])
      .index("by_updatedAt", ["updatedAt"])
      .index("by_username", ["username"])
      .index("by_phoneNumber", ["phoneNumber"])
      .index("by_role", ["role"])
      .index("by_banned", ["banned"])
      .index("by_stripeCustomerId", ["stripeCustomerId"]),
    session: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_token", ["token"])
      .index("by_userId_expiresAt", ["userId", "expiresAt"])
      .index("by_expiresAt", ["expiresAt"])
      .index("by_activeOrganizationId", ["activeOrganizationId"])
      .index("by_activeTeamId", ["activeTeamId"]),
    account: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_providerId_accountId", ["providerId", "accountId"])
      .index("by_userId_providerId_accountId", ["userId", "providerId", "accountId"])
      .index("by_accountId", ["accountId"]),
    verification: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_identifier_createdAt", ["identifier", "createdAt"])
      .index("by_expiresAt", ["expiresAt"]),
    rateLimit: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_key", ["key"])
      .index("by_lastRequest", ["lastRequest"]),
    gateKeys: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_createdAt", ["createdAt"])
      .index("by_retiredAt", ["retiredAt"]),
    gateTokens: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_sessionId", ["sessionId"])
      .index("by_userId", ["userId"])
      .index("by_keyId", ["keyId"])
      .index("by_expiresAt", ["expiresAt"]),
    gateEntries: defineTable(v.any())
      .index("by_index_k0_k1_k2_k3_fresh", ["index", "k0", "k1", "k2", "k3", "fresh"])
      .index("by_doc_index", ["doc", "index"]),
    gateCatalogue: defineTable(v.any())
      .index("by_public_id", ["id"]),
    twoFactor: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_userId", ["userId"])
      .index("by_secret", ["secret"]),
    jwks: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_createdAt", ["createdAt"]),
    deviceCode: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_deviceCode", ["deviceCode"])
      .index("by_userCode", ["userCode"])
      .index("by_userId", ["userId"])
      .index("by_expiresAt", ["expiresAt"]),
    organization: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_slug", ["slug"])
      .index("by_name", ["name"])
      .index("by_createdAt", ["createdAt"])
      .index("by_stripeCustomerId", ["stripeCustomerId"]),
    member: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_organizationId_userId", ["organizationId", "userId"])
      .index("by_organizationId_createdAt", ["organizationId", "createdAt"])
      .index("by_organizationId_role", ["organizationId", "role"])
      .index("by_userId_organizationId", ["userId", "organizationId"]),
    invitation: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_email_organizationId_status", ["email", "organizationId", "status"])
      .index("by_organizationId_status", ["organizationId", "status"])
      .index("by_organizationId_email_status", ["organizationId", "email", "status"])
      .index("by_teamId", ["teamId"])
      .index("by_inviterId", ["inviterId"])
      .index("by_expiresAt", ["expiresAt"]),
    team: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_organizationId_createdAt", ["organizationId", "createdAt"]),
    teamMember: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_teamId_userId", ["teamId", "userId"])
      .index("by_userId", ["userId"])
      .index("by_membershipKey", ["membershipKey"]),
    organizationRole: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_organizationId_role", ["organizationId", "role"])
      .index("by_role", ["role"]),
    walletAddress: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_address_chainId", ["address", "chainId"])
      .index("by_userId", ["userId"]),
    passkey: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_userId", ["userId"])
      .index("by_credentialID", ["credentialID"]),
    ssoProvider: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_providerId", ["providerId"])
      .index("by_domain", ["domain"])
      .index("by_organizationId", ["organizationId"])
      .index("by_userId", ["userId"])
      .index("by_domainVerified_providerId", ["domainVerified", "providerId"]),
    apikey: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_key", ["key"])
      .index("by_referenceId_createdAt", ["referenceId", "createdAt"])
      .index("by_configId_referenceId", ["configId", "referenceId"])
      .index("by_expiresAt", ["expiresAt"]),
    subscription: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_referenceId_status", ["referenceId", "status"])
      .index("by_stripeSubscriptionId", ["stripeSubscriptionId"])
      .index("by_stripeCustomerId", ["stripeCustomerId"]),
    oauthClient: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_clientId", ["clientId"])
      .index("by_userId", ["userId"])
      .index("by_referenceId", ["referenceId"]),
    oauthResource: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_identifier", ["identifier"]),
    oauthClientResource: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_clientId_resourceId", ["clientId", "resourceId"])
      .index("by_resourceId", ["resourceId"]),
    oauthRefreshToken: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_token", ["token"])
      .index("by_clientId_userId", ["clientId", "userId"])
      .index("by_sessionId", ["sessionId"])
      .index("by_userId", ["userId"])
      .index("by_authorizationCodeId", ["authorizationCodeId"])
      .index("by_expiresAt", ["expiresAt"]),
    oauthAccessToken: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_token", ["token"])
      .index("by_clientId_userId", ["clientId", "userId"])
      .index("by_sessionId", ["sessionId"])
      .index("by_userId", ["userId"])
      .index("by_authorizationCodeId", ["authorizationCodeId"])
      .index("by_refreshId", ["refreshId"])
      .index("by_expiresAt", ["expiresAt"]),
    oauthConsent: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_clientId_userId_referenceId", ["clientId", "userId", "referenceId"])
      .index("by_userId", ["userId"]),
    oauthClientAssertion: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_expiresAt", ["expiresAt"]),
    scimManagedConnection: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_creationRequestId", ["creationRequestId"])
      .index("by_connectionId", ["connectionId"])
      .index("by_provisioningDomainId", ["provisioningDomainId"]),
    scimManagedCredential: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_connectionRecordId_createdAt", ["connectionRecordId", "createdAt"])
      .index("by_credentialId", ["credentialId"])
      .index("by_activeSlotKey", ["activeSlotKey"]),
    scimManagedConnectionEvent: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_connectionRecordId_sequence", ["connectionRecordId", "sequence"])
      .index("by_eventKey", ["eventKey"]),
    scimConnectionBinding: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_connectionId", ["connectionId"])
      .index("by_connectionKey", ["connectionKey"])
      .index("by_provisioningDomainId", ["provisioningDomainId"]),
    scimIdentityTombstone: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_connectionId", ["connectionId"])
      .index("by_provisioningDomainId_userId", ["provisioningDomainId", "userId"])
      .index("by_externalIdKey", ["externalIdKey"])
      .index("by_userId", ["userId"]),
    scimSubject: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_userId", ["userId"])
      .index("by_profileSourceId", ["profileSourceId"]),
    scimUser: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_connectionId_orderKey", ["connectionId", "orderKey"])
      .index("by_connectionId_provisioningDomainId", ["connectionId", "provisioningDomainId"])
      .index("by_provisioningDomainId_userId", ["provisioningDomainId", "userId"])
      .index("by_userId", ["userId"])
      .index("by_connectionUserKey", ["connectionUserKey"])
      .index("by_userNameKey", ["userNameKey"])
      .index("by_externalIdKey", ["externalIdKey"])
      .index("by_orderKey", ["orderKey"]),
    scimProjectionGrant: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_connectionId", ["connectionId"])
      .index("by_provisioningDomainId_userId", ["provisioningDomainId", "userId"])
      .index("by_scimUserId", ["scimUserId"])
      .index("by_userId", ["userId"])
      .index("by_grantKey", ["grantKey"]),
    scimGroup: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_connectionId_orderKey", ["connectionId", "orderKey"])
      .index("by_connectionId_provisioningDomainId", ["connectionId", "provisioningDomainId"])
      .index("by_provisioningDomainId", ["provisioningDomainId"])
      .index("by_displayNameKey", ["displayNameKey"])
      .index("by_externalIdKey", ["externalIdKey"])
      .index("by_orderKey", ["orderKey"]),
    scimGroupMember: defineTable(v.any())
      .index("by_public_id", ["id"])
      .index("by_connectionId_groupId_createdAt", ["connectionId", "groupId", "createdAt"])
      .index("by_connectionId_scimUserId", ["connectionId", "scimUserId"])
      .index("by_groupId_createdAt", ["groupId", "createdAt"])
      .index("by_scimUserId", ["scimUserId"])
      .index("by_membershipKey", ["membershipKey"]),
  },
  { schemaValidation: false },
);

export default schema;
