import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import exampleMap from "../fixtures/example-map";
import type { AccountsMap } from "../../accounts/schema";
import { PIPELINE } from "../helpers/example";
import { exampleWith } from "../helpers/synth";

const EXAMPLE = resolve(__dirname, "..", "..", "docs", "examples", "complete.yaml");

/** Everything that can be switched on: the complete example, and VPC endpoints, which the example leaves out. */
const everythingOn: AccountsMap = parse(readFileSync(EXAMPLE, "utf8")) as AccountsMap;
everythingOn.accounts["sandbox"]!.network = [
  {
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0"],
    routeTableIds: ["rtb-0123456789abcdef0"],
    clientCidrs: ["10.0.0.0/16"],
  },
];

/** No archive, so that each target keeps its transcripts in a bucket of its own. */
const withoutArchive: AccountsMap = exampleWith((map) => {
  delete map.archive;
  delete map.accounts["log-archive"];
  delete map.transcripts;
  map.accounts["payments"]!.remoteDesktop = { recordings: "create" };
  map.organization = { name: "acme" };
});

/** The cheapest settings. The findings that they cause are accepted beside each resource, each with a reason. */
const plainest: AccountsMap = exampleWith((map) => {
  map.organization = { name: "acme" };
  map.encryption = { mode: "s3-managed" };
  map.preferences = { encryptSessionData: false, enforce: { cloudWatch: false } };
  map.transcripts = { ...map.transcripts, objectLock: { mode: "off" }, accessLogs: "none" };
  map.logs = {
    retentionDays: 30,
    subscription: { destinationArn: "arn:aws:lambda:{region}:{account}:function:siem" },
  };
  map.guard = { enabled: true };
  map.accounts["payments"]!.regions = ["eu-central-1", "us-east-1"];
});

const withPipeline: AccountsMap = exampleWith((map) => {
  map.state = {
    backend: "s3",
    bucket: "acme-state",
    region: "eu-central-1",
    keyPrefix: "session-audit",
    kmsKeyArn: "arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  };
  map.pipeline = PIPELINE;
});

/** Names and maps of the organizations to which the rules apply. Together they deploy every type of resource. */
export const CHECKED_MAPS: readonly (readonly [string, AccountsMap])[] = [
  ["the example", exampleMap],
  ["the map with everything on", everythingOn],
  ["the map without an archive", withoutArchive],
  ["the cheapest map", plainest],
  ["the map with a pipeline", withPipeline],
];
