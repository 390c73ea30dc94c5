import { SSMClient, UpdateDocumentDefaultVersionCommand } from "@aws-sdk/client-ssm";
import type { Target } from "../../accounts/model/organization";
import { PREFERENCES_DOCUMENT } from "../../aws/session-manager";
import { stackIds } from "../../stacks/names";
import { inAwsWords } from "../report/in-aws-words";
import type { TargetClients } from "../target-clients";
import type { TargetFacts } from "./model";

/** A target whose latest version of the preferences is not the default one. */
export interface Behind {
  readonly target: Target;
  readonly latest: string;
  /** The default version. */
  readonly present: string;
}

/** The targets whose latest version is not the default one. @param facts by the id of the target's stack */
export const notPromoted = (targets: readonly Target[], facts: ReadonlyMap<string, TargetFacts>): Behind[] =>
  targets.flatMap((target) => {
    const look = facts.get(stackIds.session(target))?.document;
    if (!look?.looked || look.value === null) return [];
    const { latestVersion: latest, defaultVersion: present } = look.value;
    return latest === present ? [] : [{ target, latest, present }];
  });

/**
 * Makes the latest version of the preferences the default one, one target after the other. Sessions use the latest version
 * in any case.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UpdateDocumentDefaultVersion.html
 * @throws UserError that names the target that AWS refused
 */
export async function promote(
  behind: readonly Behind[],
  clients: TargetClients,
  onPromoted: (one: Behind) => void,
): Promise<void> {
  for (const one of behind) {
    const { account, region } = one.target;
    const ssm = new SSMClient(clients.configOf(account, region));
    try {
      await inAwsWords(`--promote in ${account.name}, ${region}`, () =>
        ssm.send(
          new UpdateDocumentDefaultVersionCommand({
            Name: PREFERENCES_DOCUMENT,
            DocumentVersion: one.latest,
          }),
        ),
      );
    } finally {
      ssm.destroy();
    }
    onPromoted(one);
  }
}
