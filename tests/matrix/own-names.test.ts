import { renamedModels } from "./plugins/renamed-models.js";
import { runMatrix } from "./support/run.js";

runMatrix("own-names", [renamedModels]);
