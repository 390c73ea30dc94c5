import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetTrailStatusCommand,
  type Trail,
} from "@aws-sdk/client-cloudtrail";
import { EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import {
  DescribeDocumentCommand,
  GetDocumentCommand,
  ListTagsForResourceCommand,
  paginateListDocuments,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { PREFERENCES_DOCUMENT } from "../../aws/session-manager";
import { look } from "../aws-errors";
import type { ClientConfig } from "../target-clients";
import { recordsWrites } from "../trail-selectors";
import type { FoundDocument, FoundTrail, TargetFacts } from "./model";

/** Reads what a deployment to one account and region meets there. It changes nothing. */
export async function readTarget(config: ClientConfig, signal?: AbortSignal): Promise<TargetFacts> {
  const ssm = new SSMClient(config);
  const cloudtrail = new CloudTrailClient(config);
  const events = new EventBridgeClient(config);
  try {
    const [document, trails, documents, rules] = await Promise.all([
      look(() => preferences(ssm), signal),
      look(() => trailsOf(cloudtrail), signal),
      look(() => countDocuments(ssm), signal),
      look(() => countRules(events), signal),
    ]);
    return {
      document,
      documents,
      rules,
      trails: trails.looked ? { looked: true, value: trails.value.covering } : trails,
      ownTrails: trails.looked
        ? {
            looked: true,
            value: trails.value.homes.filter((region) => region === config.region).length,
          }
        : trails,
    };
  } finally {
    for (const client of [ssm, cloudtrail, events]) client.destroy();
  }
}

/** The preferences document in its latest version; null: there is none. */
export async function preferences(ssm: SSMClient): Promise<FoundDocument | null> {
  const Name = PREFERENCES_DOCUMENT;
  let content: string;
  try {
    // Terraform reads the latest version, and so do sessions.
    const { Content = "" } = await ssm.send(
      new GetDocumentCommand({ Name, DocumentVersion: "$LATEST", DocumentFormat: "JSON" }),
    );
    content = Content;
  } catch (error) {
    if ((error as Error).name === "InvalidDocument") return null;
    throw error;
  }
  const [{ Document }, { TagList = [] }] = await Promise.all([
    ssm.send(new DescribeDocumentCommand({ Name })),
    ssm.send(new ListTagsForResourceCommand({ ResourceType: "Document", ResourceId: Name })),
  ]);
  return {
    latestVersion: Document?.LatestVersion ?? "",
    defaultVersion: Document?.DefaultVersion ?? "",
    content,
    tags: Object.fromEntries(TagList.map(({ Key = "", Value = "" }) => [Key, Value])),
  };
}

/** The trails that cover the region of the client, those of other regions and of the organization included. */
async function trailsOf(cloudtrail: CloudTrailClient) {
  const { trailList = [] } = await cloudtrail.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
  const covering = await Promise.all(trailList.map((trail) => trailOf(cloudtrail, trail)));
  return { covering, homes: trailList.map(({ HomeRegion }) => HomeRegion) };
}

async function trailOf(cloudtrail: CloudTrailClient, trail: Trail): Promise<FoundTrail> {
  // A trail of another region or of the organization is known by its ARN alone.
  const Name = trail.TrailARN ?? trail.Name;
  const { IsLogging = false } = await cloudtrail.send(new GetTrailStatusCommand({ Name }));
  return {
    name: trail.Name ?? "",
    isLogging: IsLogging,
    recordsWrites: !IsLogging || (await recordsWrites(cloudtrail, trail)),
  };
}

async function countDocuments(ssm: SSMClient): Promise<number> {
  let count = 0;
  const Filters = [{ Key: "Owner", Values: ["Self"] }];
  for await (const { DocumentIdentifiers = [] } of paginateListDocuments({ client: ssm }, { Filters })) {
    count += DocumentIdentifiers.length;
  }
  return count;
}

async function countRules(events: EventBridgeClient): Promise<number> {
  let count = 0;
  let NextToken: string | undefined;
  do {
    const page = await events.send(new ListRulesCommand({ NextToken }));
    count += page.Rules?.length ?? 0;
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return count;
}
