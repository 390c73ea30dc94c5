import { existsSync } from "node:fs";
import { join } from "node:path";
import { read, ROOT } from "./helpers/documents";
import { sidsIn } from "./helpers/sids";
import { exampleWith, synthesize } from "./helpers/synth";
import { GUARDRAILS, PIPELINE } from "./stacks/policies/guardrails/helpers";
import { CHECKED_MAPS } from "./static-checks/maps";

describe("the security model", () => {
  const key = (account: string, region = "eu-central-1") =>
    `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

  /** Maps with existing resources, and with the kinds of settings that the complete example does not use. */
  const others = exampleWith((map) => {
    map.guardrails = GUARDRAILS;
    Object.assign(map, PIPELINE);
    map.accounts["sandbox"] = {
      ...map.accounts["sandbox"]!,
      encryption: { mode: "existing", keyArn: key("222222222222") },
      transcripts: { bucket: { existing: "theirs", keyArn: key("999999999999") } },
      logs: {
        group: { existing: "/theirs" },
        subscription: { destinationArn: "arn:aws:kinesis:{region}:{account}:stream/siem" },
      },
      notifications: {
        activity: { actions: [{ type: "codepipeline", pipeline: "on-session" }] },
        security: {
          topic: { existing: "soc" },
          actions: [
            { type: "run-command", document: "Acme-OnFinding", instanceIds: ["i-0123456789abcdef0"] },
          ],
        },
      },
      remoteDesktop: { recordings: "create" },
      network: [
        {
          vpcId: "vpc-0123456789abcdef0",
          subnetIds: ["subnet-0123456789abcdef0"],
          routeTableIds: ["rtb-0123456789abcdef0"],
          clientCidrs: ["10.0.0.0/16"],
          buckets: ["artifacts"],
        },
      ],
    };
    const destinationArn = "arn:aws:firehose:{region}:{account}:deliverystream/siem";
    map.accounts["payments"]!.logs = { subscription: { destinationArn } };
    map.accounts["payments"]!.remoteDesktop = { recordings: "create" };
    const reader = "arn:aws:iam::222222222222:role/session-reviewer";
    map.transcripts = { ...map.transcripts, readers: [...map.transcripts!.readers!, reader] };
  });

  it("explains every statement of every policy, and no other", () => {
    const central = exampleWith((map) => {
      map.notifications = { central: { account: "payments", region: "eu-west-1" } };
    });
    const shared = exampleWith((map) => {
      delete map.archive;
      delete map.accounts["log-archive"];
      map.accounts["security"] = { id: "666666666666", homeRegion: "us-east-1", regions: ["us-east-1"] };
      map.transcripts = { organizationReaders: ["arn:aws:iam::666666666666:role/incident-response"] };
    });
    const maps = [...CHECKED_MAPS.map(([, map]) => map), others, central, shared];
    const sids = maps.flatMap((map) => [...synthesize(map).values()].flatMap((view) => [...sidsIn(view)]));
    const explained = [...read("docs/security.md").matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]!);
    expect([...new Set(explained)].sort()).toEqual([...new Set(sids)].sort());
  });
});

it("the security model has a heading for files of policies that exist", () => {
  const files = [...read("docs/security.md").matchAll(/^### .* \(`([^`]+)`\)$/gm)].map((match) => match[1]!);
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((file) => !existsSync(join(ROOT, "stacks", "policies", file)))).toEqual([]);
});
