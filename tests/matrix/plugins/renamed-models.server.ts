import { organization } from "better-auth/plugins";
import type { ServerSet, ServerSets } from "../support/server-set.js";

const generated = (
  generateId: "uuid" | false | (({ model }: { model: string }) => string),
): ServerSet => ({ options: () => ({ advanced: { database: { generateId } } }) });

export const sets: ServerSets = {
  "renamed-models": {
    plugins: () => [
      organization({
        schema: {
          organization: { modelName: "company", fields: { slug: "handle" } },
          member: { modelName: "employee", fields: { organizationId: "companyId" } },
        },
      }),
    ],
    options: () => ({
      user: {
        modelName: "person",
        fields: { email: "mail", name: "fullName" },
        additionalFields: {
          nick: { type: "string", required: false, unique: true, fieldName: "nickname" },
          note: { type: "string", required: false, returned: false },
        },
      },
      account: { modelName: "login", fields: { accountId: "subject", password: "hash" } },
      verification: { modelName: "proof" },
      session: { fields: { ipAddress: "ip" } },
    }),
  },
  "renamed-models:sessions": { options: () => ({ session: { modelName: "visit" } }) },
  "renamed-models:uuid": generated("uuid"),
  "renamed-models:own": generated(({ model }) => `${model}_${crypto.randomUUID()}`),
  "renamed-models:none": generated(false),
};
