import { getAuthConfigProvider } from "convex-gate/auth-config";

export default { providers: [getAuthConfigProvider()] };
