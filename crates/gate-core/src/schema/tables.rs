//! The list of tables. An index is here because a query of Better Auth needs it: the calls are those
//! of better-auth 1.7.25 and of the official packages current with it.

use super::names::{BY_PUBLIC_ID, CATALOGUE, ENTRIES, KEYS, SESSIONS, TOKENS, USERS};

/// A table with native indexes.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// The name of Better Auth's model, and of the table unless the app renames it.
    pub name: &'static str,
    /// The fields of each index but `by_public_id`, in index order.
    pub indexes: &'static [&'static [&'static str]],
}

impl Table {
    /// The fields of every index, `by_public_id` first.
    pub fn all_indexes(&self) -> impl Iterator<Item = &'static [&'static str]> {
        // Entries have no id of their own, and an index less to write.
        let by_public_id = (self.name != ENTRIES).then_some(BY_PUBLIC_ID);
        by_public_id.into_iter().chain(self.indexes.iter().copied())
    }
}

/// Every table with native indexes, in the order of the schema file.
pub const TABLES: &[Table] = &[
    // Core.
    Table {
        name: USERS,
        indexes: &[
            &["email"],
            &["name"],
            &["createdAt"],
            &["updatedAt"],
            &["username"],
            &["phoneNumber"],
            &["role"],
            &["banned"],
            &["stripeCustomerId"],
        ],
    },
    Table {
        name: SESSIONS,
        indexes: &[
            &["token"],
            &["userId", "expiresAt"],
            &["expiresAt"],
            &["activeOrganizationId"],
            &["activeTeamId"],
        ],
    },
    Table {
        name: "account",
        indexes: &[
            &["providerId", "accountId"],
            &["userId", "providerId", "accountId"],
            &["accountId"],
        ],
    },
    Table { name: "verification", indexes: &[&["identifier", "createdAt"], &["expiresAt"]] },
    Table { name: "rateLimit", indexes: &[&["key"], &["lastRequest"]] },
    // Ours.
    Table { name: KEYS, indexes: &[&["createdAt"], &["retiredAt"]] },
    Table { name: TOKENS, indexes: &[&["sessionId"], &["userId"], &["keyId"], &["expiresAt"]] },
    Table {
        name: ENTRIES,
        indexes: &[&["index", "k0", "k1", "k2", "k3", "fresh"], &["doc", "index"]],
    },
    Table { name: CATALOGUE, indexes: &[] },
    // Plugins of better-auth itself.
    Table { name: "twoFactor", indexes: &[&["userId"], &["secret"]] },
    Table { name: "jwks", indexes: &[&["createdAt"]] },
    Table {
        name: "deviceCode",
        indexes: &[&["deviceCode"], &["userCode"], &["userId"], &["expiresAt"]],
    },
    Table {
        name: "organization",
        indexes: &[&["slug"], &["name"], &["createdAt"], &["stripeCustomerId"]],
    },
    Table {
        name: "member",
        indexes: &[
            &["organizationId", "userId"],
            &["organizationId", "createdAt"],
            &["organizationId", "role"],
            &["userId", "organizationId"],
        ],
    },
    Table {
        name: "invitation",
        indexes: &[
            &["email", "organizationId", "status"],
            &["organizationId", "status"],
            &["organizationId", "email", "status"],
            &["teamId"],
            &["inviterId"],
            &["expiresAt"],
        ],
    },
    Table { name: "team", indexes: &[&["organizationId", "createdAt"]] },
    Table {
        name: "teamMember",
        indexes: &[&["teamId", "userId"], &["userId"], &["membershipKey"]],
    },
    Table { name: "organizationRole", indexes: &[&["organizationId", "role"], &["role"]] },
    Table { name: "walletAddress", indexes: &[&["address", "chainId"], &["userId"]] },
    // Official packages.
    Table { name: "passkey", indexes: &[&["userId"], &["credentialID"]] },
    Table {
        name: "ssoProvider",
        indexes: &[
            &["providerId"],
            &["domain"],
            &["organizationId"],
            &["userId"],
            &["domainVerified", "providerId"],
        ],
    },
    Table {
        name: "apikey",
        indexes: &[
            &["key"],
            &["referenceId", "createdAt"],
            &["configId", "referenceId"],
            &["expiresAt"],
        ],
    },
    Table {
        name: "subscription",
        indexes: &[&["referenceId", "status"], &["stripeSubscriptionId"], &["stripeCustomerId"]],
    },
    Table { name: "oauthClient", indexes: &[&["clientId"], &["userId"], &["referenceId"]] },
    Table { name: "oauthResource", indexes: &[&["identifier"]] },
    Table { name: "oauthClientResource", indexes: &[&["clientId", "resourceId"], &["resourceId"]] },
    Table {
        name: "oauthRefreshToken",
        indexes: &[
            &["token"],
            &["clientId", "userId"],
            &["sessionId"],
            &["userId"],
            &["authorizationCodeId"],
            &["expiresAt"],
        ],
    },
    Table {
        name: "oauthAccessToken",
        indexes: &[
            &["token"],
            &["clientId", "userId"],
            &["sessionId"],
            &["userId"],
            &["authorizationCodeId"],
            &["refreshId"],
            &["expiresAt"],
        ],
    },
    Table { name: "oauthConsent", indexes: &[&["clientId", "userId", "referenceId"], &["userId"]] },
    Table { name: "oauthClientAssertion", indexes: &[&["expiresAt"]] },
    Table {
        name: "scimManagedConnection",
        indexes: &[&["creationRequestId"], &["connectionId"], &["provisioningDomainId"]],
    },
    Table {
        name: "scimManagedCredential",
        indexes: &[&["connectionRecordId", "createdAt"], &["credentialId"], &["activeSlotKey"]],
    },
    Table {
        name: "scimManagedConnectionEvent",
        indexes: &[&["connectionRecordId", "sequence"], &["eventKey"]],
    },
    Table {
        name: "scimConnectionBinding",
        indexes: &[&["connectionId"], &["connectionKey"], &["provisioningDomainId"]],
    },
    Table {
        name: "scimIdentityTombstone",
        indexes: &[
            &["connectionId"],
            &["provisioningDomainId", "userId"],
            &["externalIdKey"],
            &["userId"],
        ],
    },
    Table { name: "scimSubject", indexes: &[&["userId"], &["profileSourceId"]] },
    Table {
        name: "scimUser",
        indexes: &[
            &["connectionId", "orderKey"],
            &["connectionId", "provisioningDomainId"],
            &["provisioningDomainId", "userId"],
            &["userId"],
            &["connectionUserKey"],
            &["userNameKey"],
            &["externalIdKey"],
            &["orderKey"],
        ],
    },
    Table {
        name: "scimProjectionGrant",
        indexes: &[
            &["connectionId"],
            &["provisioningDomainId", "userId"],
            &["scimUserId"],
            &["userId"],
            &["grantKey"],
        ],
    },
    Table {
        name: "scimGroup",
        indexes: &[
            &["connectionId", "orderKey"],
            &["connectionId", "provisioningDomainId"],
            &["provisioningDomainId"],
            &["displayNameKey"],
            &["externalIdKey"],
            &["orderKey"],
        ],
    },
    Table {
        name: "scimGroupMember",
        indexes: &[
            &["connectionId", "groupId", "createdAt"],
            &["connectionId", "scimUserId"],
            &["groupId", "createdAt"],
            &["scimUserId"],
            &["membershipKey"],
        ],
    },
];

/// Fields of which no two rows have the same value, null apart, by table. `id` is one everywhere.
pub const UNIQUE_FIELDS: &[(&str, &[&str])] = &[
    (USERS, &["email", "username", "phoneNumber"]),
    (SESSIONS, &["token"]),
    ("rateLimit", &["key"]),
    ("deviceCode", &["deviceCode", "userCode"]),
    ("organization", &["slug"]),
    ("teamMember", &["membershipKey"]),
    ("ssoProvider", &["providerId"]),
    ("oauthClient", &["clientId"]),
    ("oauthResource", &["identifier"]),
    ("oauthRefreshToken", &["token"]),
    ("oauthAccessToken", &["token"]),
    ("scimManagedConnection", &["creationRequestId", "connectionId"]),
    ("scimManagedCredential", &["credentialId", "activeSlotKey"]),
    ("scimManagedConnectionEvent", &["eventKey"]),
    ("scimConnectionBinding", &["connectionKey"]),
    ("scimIdentityTombstone", &["externalIdKey"]),
    ("scimSubject", &["userId"]),
    ("scimUser", &["connectionUserKey", "userNameKey", "externalIdKey", "orderKey"]),
    ("scimProjectionGrant", &["grantKey"]),
    ("scimGroup", &["displayNameKey", "externalIdKey", "orderKey"]),
    ("scimGroupMember", &["membershipKey"]),
];
