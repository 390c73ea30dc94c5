/** The entry that `cdktf.json` names: writes the stacks of the map. Nothing may import it. */
import { start } from "./processes/program";
import { run } from "./stacks/program";

void start(run);
