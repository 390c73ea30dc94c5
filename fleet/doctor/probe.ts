import { randomBytes } from "node:crypto";
import { PREFERENCES_DOCUMENT } from "../../stacks/names";
import { roleArn } from "../../stacks/profiles";
import { partitionOf } from "../../aws/regions";
import { PROBE_PREFIX } from "../../guard/probe-sessions";
import { judgeProbe, type ProbeStep } from "./checks/probe";
import { inputsOf } from "./checks/preferences";
import { Sites, type SitesProps } from "./clients";
import { text, type Provider } from "./configuration";
import type { Look } from "./doctor";
import { findProbe } from "./read/probe";
import { writeProbe } from "./write-probe";

/** How probes are made. */
export interface ProbeProps extends Pick<SitesProps, "env" | "profiles"> {
  readonly signal?: AbortSignal;
}

/**
 * A look that writes a record with the role of an instance, call by call as the SSM Agent does, and finds it with the role
 * that plans. It looks at stacks of targets alone.
 * @param role name or ARN of the role of instances
 * @example diagnose({ ...props, also: probing("app-server", { env: process.env, profiles: null }) })
 */
export function probing(role: string, props: ProbeProps): Look {
  return async (stack, { sites, ownerOf }) => {
    if (stack.stack.kind !== "session") return [];
    const document = stack
      .all("aws_ssm_document")
      .find(({ values }) => values["name"] === PREFERENCES_DOCUMENT);
    const inputs = inputsOf(text(document?.values["content"]));
    const id = `${PROBE_PREFIX}${randomBytes(13).toString("hex")}`;
    const writers = new Sites({ ...props, roleArn: (provider) => arnOf(role, provider) });
    try {
      const steps: ProbeStep[] = await writeProbe(id, inputs, {
        site: writers.of(stack.provider),
        provider: stack.provider,
        role,
        ...(props.signal && { signal: props.signal }),
      });
      const here = sites.of(stack.provider);
      const { s3 } = sites.of(ownerOf(inputs.bucket) ?? stack.provider);
      const found = await findProbe(id, inputs, { logs: here.logs, s3 }, props.signal);
      return judgeProbe(id, role, steps, found);
    } finally {
      writers.close();
    }
  };
}

const arnOf = (role: string, { accountId: id, region }: Provider): string =>
  roleArn({ name: id, id, partition: partitionOf(region) ?? "aws" }, role);
