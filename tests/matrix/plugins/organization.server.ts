import { organization } from "better-auth/plugins";
import { createAccessControl } from "better-auth/plugins/access";
import {
  adminAc,
  defaultStatements,
  memberAc,
  ownerAc,
} from "better-auth/plugins/organization/access";
import { deliver } from "../support/server-set.js";
import type { Environment, ServerSets } from "../support/server-set.js";

const ac = createAccessControl({ ...defaultStatements, project: ["create", "delete"] });
const roles = {
  owner: ac.newRole({ ...ownerAc.statements, project: ["create", "delete"] }),
  admin: ac.newRole({ ...adminAc.statements, project: ["create"] }),
  member: ac.newRole(memberAc.statements),
};

const mails = (env: Environment) => ({
  sendInvitationEmail: ({ id, email }: { id: string; email: string }) =>
    deliver(env, email, { id }),
});

export const sets: ServerSets = {
  organization: { plugins: (env) => [organization(mails(env))] },
  "organization:teams": {
    plugins: (env) => [
      organization({ ...mails(env), teams: { enabled: true, maximumMembersPerTeam: 2 } }),
    ],
  },
  "organization:roles": {
    plugins: (env) => [
      organization({ ...mails(env), ac, roles, dynamicAccessControl: { enabled: true } }),
    ],
  },
};
