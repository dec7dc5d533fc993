import { findsAllClean } from "./clean.js";

findsAllClean("second");
