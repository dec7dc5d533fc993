import { getAuthConfigProvider } from "@gate/auth-config";

export default { providers: [getAuthConfigProvider()] };
