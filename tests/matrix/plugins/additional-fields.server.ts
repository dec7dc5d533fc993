import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  "additional-fields": {
    options: () => ({
      user: {
        additionalFields: {
          department: { type: "string", required: false, defaultValue: "sales" },
          badge: { type: "string", required: false, unique: true },
          tags: { type: "string[]", required: false },
          visits: { type: "number", required: false, input: false, defaultValue: 0 },
          birthday: { type: "date", required: false },
          settings: { type: "json", required: false },
          note: { type: "string", required: false, returned: false },
        },
      },
      session: {
        additionalFields: { device: { type: "string", required: false, defaultValue: "web" } },
      },
    }),
  },
};
