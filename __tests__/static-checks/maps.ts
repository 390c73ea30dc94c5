import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import exampleMap from "../fixtures/example-map";
import type { AccountsMap } from "../../accounts/schema";
import { exampleWith } from "../helpers/synth";

const EXAMPLE = resolve(__dirname, "..", "..", "docs", "examples", "complete.yaml");

/** What can be switched on: the complete example, and endpoints, which it leaves out. */
const everythingOn: AccountsMap = parse(readFileSync(EXAMPLE, "utf8")) as AccountsMap;
everythingOn.accounts["sandbox"]!.network = [
  {
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0"],
    routeTableIds: ["rtb-0123456789abcdef0"],
    clientCidrs: ["10.0.0.0/16"],
  },
];

/** Nothing but what a map must have: each target keeps its records in buckets of its own. */
const withoutArchive: AccountsMap = exampleWith((map) => {
  delete map.archive;
  delete map.accounts["log-archive"];
  delete map.transcripts;
  map.organization = { name: "acme" };
});

/** Whatever may be left out for less cost is left out: what that gives up is written beside each resource. */
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

/** Maps that together deploy every kind of resource, strongest and plainest. */
export const CHECKED_MAPS: readonly (readonly [string, AccountsMap])[] = [
  ["the example", exampleMap],
  ["everything on", everythingOn],
  ["without an archive", withoutArchive],
  ["the plainest", plainest],
];
