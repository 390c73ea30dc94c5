import type { FleetProgress } from "../progress";
import { inParallel } from "../in-parallel";
import { Sites, type SitesProps } from "./clients";
import { StackConfiguration, text, type Provider, type StackIdentity } from "./configuration";
import { examineStack } from "./examine-stack";
import { countsOf, worstFirst, type Diagnosis, type Finding, type Line } from "./model";

/** A further look at a stack, such as a probe. */
export type Look = (
  stack: StackConfiguration,
  about: { readonly sites: Sites; readonly ownerOf: (bucket: string) => Provider | undefined },
) => Promise<Finding[]>;

/** What doctor looks at. */
export interface DoctorProps extends SitesProps {
  /** Name of the organization in the map. */
  readonly organization: string;
  /** The stacks that are looked at. */
  readonly stacks: readonly StackIdentity[];
  /** Further stacks that are read, and not looked at: those with the buckets of the others. */
  readonly others: readonly StackIdentity[];
  /** The Terraform configuration of a stack, as JSON. */
  readonly configurationOf: (id: string) => Promise<string>;
  /** A further look at each stack. */
  readonly also?: Look;
  /** Number of stacks that are looked at side by side. */
  readonly parallel: number;
  readonly now: Date;
  readonly progress: Pick<FleetProgress, "start" | "finish">;
  readonly signal?: AbortSignal;
}

/**
 * Looks at what the configurations of stacks declare, whether it is in force in AWS.
 * @throws the reason of an aborted signal
 */
export async function diagnose(props: DoctorProps): Promise<Diagnosis> {
  const { organization, stacks, parallel, now, progress, signal, also } = props;
  const sites = new Sites(props);
  const read = async (stack: StackIdentity) =>
    new StackConfiguration(stack, JSON.parse(await props.configurationOf(stack.id)) as never);
  const owners = new Map<string, Provider>();
  for (const stack of [...stacks, ...props.others]) {
    const buckets = (await read(stack)).all("aws_s3_bucket");
    for (const { values, provider } of buckets) owners.set(text(values["bucket"]), provider);
  }
  const ownerOf = (bucket: string) => owners.get(bucket);
  const examine = async (one: StackIdentity): Promise<Line[]> => {
    progress.start(one.id);
    const stack = await read(one);
    const site = (provider: Provider) => sites.of(provider);
    const findings = [
      ...(await examineStack({ stack, organization, site, ownerOf, now, ...(signal && { signal }) })),
      ...((await also?.(stack, { sites, ownerOf })) ?? []),
    ].sort(worstFirst);
    const counts = countsOf(findings);
    progress.finish(one.id, summary(counts), { failed: counts.fault > 0 });
    const { id, account, region } = one;
    return findings.map((finding) => ({ stack: id, account, region, ...finding }));
  };
  const found = new Map<string, readonly Line[]>();
  const looked = async (stack: StackIdentity) => [stack.id, await examine(stack)] as const;
  try {
    for await (const [id, lines] of inParallel(stacks, parallel, looked, signal)) found.set(id, lines);
  } finally {
    sites.close();
  }
  const ids = stacks.map(({ id }) => id);
  return {
    version: 1,
    organization,
    generatedAt: now.toISOString(),
    stacks: ids,
    lines: ids.flatMap((id) => found.get(id) ?? []),
  };
}

/** The counts of a stack's findings in words, like "2 faults, 1 warning, 31 ok". */
export function summary(counts: ReturnType<typeof countsOf>): string {
  const some = (count: number, one: string, many: string) =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  const parts = [
    ...some(counts.fault, "fault", "faults"),
    ...some(counts["not-looked-at"], "not looked at", "not looked at"),
    ...some(counts.warning, "warning", "warnings"),
    ...some(counts.ok, "ok", "ok"),
  ];
  return parts.length === 0 ? "nothing to look at" : parts.join(", ");
}
