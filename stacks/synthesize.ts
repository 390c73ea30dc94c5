import { App } from "cdktf";
import type { Organization } from "../accounts/model/organization";
import { withoutTokenTraces } from "./kit/token-traces";
import { addStacks } from "./synth";

/**
 * Writes the Terraform configuration of stacks into `<directory>/stacks/<stack id>/cdk.tf.json`. Other files in these
 * folders stay, such as Terraform's working data.
 * @param directory absolute path. cdktf creates it at once, so call this only with an organization without problems.
 * @param only ids of the stacks; without it, every stack is written
 * @example synthesizeStacks(readOrganization(file), "/tmp/out", new Set(["account-payments"]));
 */
export function synthesizeStacks(
  organization: Organization,
  directory: string,
  only?: ReadonlySet<string>,
): void {
  withoutTokenTraces(() => {
    const app = new App({ outdir: directory });
    addStacks(app, organization, only);
    app.synth();
  });
}
