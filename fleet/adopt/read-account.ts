import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  GetAccountSummaryCommand,
  GetRoleCommand,
  IAMClient,
  paginateListAttachedRolePolicies,
  type SummaryKeyType,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { look, type Look } from "../aws-errors";
import { each } from "../report/each";
import type { ClientConfig } from "../target-clients";
import type { AccountFacts, FoundRole, IamSummary } from "./model";

/**
 * Reads what a deployment to one account meets there. It changes nothing.
 * @param config clients of the account's home region
 * @param roles names of the roles to which the stacks attach policies
 */
export async function readAccount(
  config: ClientConfig,
  roles: readonly string[],
  signal?: AbortSignal,
): Promise<AccountFacts> {
  const [sts, ec2, iam] = [new STSClient(config), new EC2Client(config), new IAMClient(config)];
  try {
    const caller = await look(async () => {
      const { Account = "" } = await sts.send(new GetCallerIdentityCommand({}));
      return Account;
    }, signal);
    if (!caller.looked) return { caller, regions: caller, iam: caller, roles: new Map() };
    const found = new Map<string, Look<FoundRole>>();
    const [regions, summary] = await Promise.all([
      look(() => regionsOf(ec2), signal),
      look(() => summaryOf(iam), signal),
      each(roles, async (name) => void found.set(name, await look(() => roleOf(iam, name), signal)), signal),
    ]);
    // In the order of the map, whatever was answered first.
    const inOrder = new Map(roles.map((name) => [name, found.get(name)!]));
    return { caller, regions, iam: summary, roles: inOrder };
  } finally {
    for (const client of [sts, ec2, iam]) client.destroy();
  }
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html */
async function regionsOf(ec2: EC2Client): Promise<ReadonlyMap<string, boolean>> {
  const { Regions = [] } = await ec2.send(new DescribeRegionsCommand({ AllRegions: true }));
  return new Map(
    Regions.map(({ RegionName = "", OptInStatus }) => [RegionName, OptInStatus !== "not-opted-in"]),
  );
}

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html */
async function summaryOf(iam: IAMClient): Promise<IamSummary> {
  const { SummaryMap = {} } = await iam.send(new GetAccountSummaryCommand({}));
  const value = (key: SummaryKeyType, otherwise: number) =>
    (SummaryMap as Partial<Record<SummaryKeyType, number>>)[key] ?? otherwise;
  const usage = (what: "Roles" | "Policies" | "InstanceProfiles") => ({
    used: value(what as SummaryKeyType, 0),
    quota: value(`${what}Quota` as SummaryKeyType, Infinity),
  });
  return {
    roles: usage("Roles"),
    policies: usage("Policies"),
    instanceProfiles: usage("InstanceProfiles"),
    attachedPoliciesPerRole: value("AttachedPoliciesPerRoleQuota" as SummaryKeyType, Infinity),
  };
}

async function roleOf(iam: IAMClient, RoleName: string): Promise<FoundRole> {
  try {
    await iam.send(new GetRoleCommand({ RoleName }));
  } catch (error) {
    if ((error as Error).name === "NoSuchEntityException") return { attached: null };
    throw error;
  }
  const attached: string[] = [];
  for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies(
    { client: iam },
    { RoleName },
  )) {
    attached.push(...AttachedPolicies.map(({ PolicyName = "" }) => PolicyName));
  }
  return { attached };
}
