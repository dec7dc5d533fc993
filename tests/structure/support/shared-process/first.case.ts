import { findsAllClean } from "./clean.js";

findsAllClean("first");
