import { GateError } from "../../errors/index.js";

/** Thrown where it was called wrongly, which has an exit code of its own. */
export class WrongUsage extends GateError {
  constructor(message: string) {
    super("INVALID_OPTION", message);
  }
}
