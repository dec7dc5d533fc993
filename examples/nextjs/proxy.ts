import { auth } from "@/lib/auth";

export const proxy = auth.proxy({ publicPaths: ["/sign-in"], signInPath: "/sign-in" });

export const config = {
  // Everything but what Next serves as files, and the icon.
  matcher: ["/((?!_next/static|_next/image|favicon.ico).*)"],
};
