/** Administration: other people's accounts and sessions, and acting as somebody else. */
import { leaves, sets } from "./case.js";
import type { Cases } from "./case.js";
import type { World } from "./world.js";

const bobsId = ({ bob }: World) => ({ body: { userId: bob.id } });

export const adminCases: Cases = {
  setRole: leaves(({ bob }) => ({ body: { userId: bob.id, role: "admin" } })),
  getUser: leaves(({ bob }) => ({ query: { id: bob.id } })),
  createUser: leaves(() => ({ body: { email: "new@example.com", name: "New" } })),
  adminUpdateUser: leaves(({ bob }) => ({ body: { userId: bob.id, data: { name: "Robert" } } })),
  listUsers: leaves(() => ({ query: { limit: "10" } })),
  listUserSessions: leaves(bobsId),
  unbanUser: leaves(bobsId),
  banUser: leaves(bobsId),
  impersonateUser: sets(bobsId, { owner: "bob" }),
  stopImpersonating: sets(async (world) => {
    await world.prepare("impersonateUser", bobsId(world));
    return { body: {} };
  }),
  revokeUserSession: leaves(({ bob }) => ({ body: { sessionToken: bob.sessionToken } })),
  revokeUserSessions: [
    ...leaves(bobsId),
    {
      title: "of oneself",
      effect: "leaves",
      call: ({ ada }) => ({ body: { userId: ada.id } }),
    },
  ],
  removeUser: leaves(bobsId),
  setUserPassword: leaves(({ bob }) => ({
    body: { userId: bob.id, newPassword: "another password" },
  })),
  userHasPermission: leaves(() => ({ body: { permissions: { user: ["list"] } } })),
};
