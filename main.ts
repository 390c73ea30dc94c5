/** The entry point that `cdktf.json` names. It writes the stacks of the map as soon as it is imported, so nothing imports it. */
import { start } from "./processes/program";
import { run } from "./stacks/program";

void start(run);
