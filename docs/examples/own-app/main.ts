/** An app of cdktf that has stacks of its own: it adds all stacks of a map, and uses one construct in another stack. */
import { join } from "node:path";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { addStacks, readOrganization, SessionLogGroup } from "session-audit";

const organization = readOrganization(join(__dirname, "..", "own-repository", "accounts", "index.ts"));
const app = new App();

addStacks(app, organization);

const own = new TerraformStack(app, "break-glass");
new AwsProvider(own, "Aws", { region: "eu-central-1" });
new LocalBackend(own, { path: "break-glass.tfstate" });
new SessionLogGroup(own, "LogGroup", {
  name: "/acme/break-glass",
  region: "eu-central-1",
  settings: organization.accounts[0]!.settings.logs,
  keyArn: null,
  protect: true,
});

app.synth();
