import { App } from "cdktf";
import { mapFile, MapFileError } from "./accounts/reading/load";
import { MapError } from "./accounts/reading/problems";
import { readOrganization } from "./stacks/read-organization";
import { addStacks } from "./stacks/synth";
import { withoutTokenTraces } from "./stacks/kit/token-traces";

/** cdktf's entry: the map becomes stacks. Reading comes first, since a new App writes its folder at once. */
function main(): void {
  const organization = readOrganization(mapFile(process.env, __dirname));
  withoutTokenTraces(() => {
    const app = new App();
    addStacks(app, organization);
    app.synth();
  });
}

try {
  main();
} catch (error) {
  if (!(error instanceof MapError || error instanceof MapFileError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
