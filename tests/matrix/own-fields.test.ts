// On a deployment of its own: once a field of users has index entries, every new user of it reads the catalogue.
import { additionalFields } from "./plugins/additional-fields.js";
import { runMatrix } from "./support/run.js";

runMatrix("own-fields", [additionalFields]);
