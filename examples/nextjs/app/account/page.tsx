import { api } from "@convex/_generated/api";
import { Profile } from "@/components/profile";
import { Protected } from "@/components/protected";
import { auth } from "@/lib/auth";

export const metadata = { title: "Account · To-do" };

export default async function AccountPage() {
  const preloaded = await auth.preloadAuthQuery(api.auth.getCurrentUser);
  return (
    <Protected>
      <h1>Account</h1>
      <Profile preloaded={preloaded} />
    </Protected>
  );
}
