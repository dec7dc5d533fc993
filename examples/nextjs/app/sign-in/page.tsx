import { safeRedirectTo } from "convex-gate/utils";
import { redirect } from "next/navigation";
import { SignIn } from "@/components/sign-in";
import { auth } from "@/lib/auth";

export const metadata = { title: "Sign in · To-do" };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const redirectTo = safeRedirectTo((await searchParams).redirectTo);
  const { session } = await auth.getState();
  if (session === "signedIn") redirect(redirectTo);
  return <SignIn redirectTo={redirectTo} />;
}
