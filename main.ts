/** The entry point that `cdktf.json` names. An import of this file writes the stacks at once, so nothing imports it. */
import { start } from "./processes/program";
import { run } from "./stacks/program";

void start(run);
