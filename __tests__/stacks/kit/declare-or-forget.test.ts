import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { uniqueAddresses } from "../../../stacks/kit/unique-addresses";
import { exampleWith, synthesizeOne, type StackView } from "../../helpers/synth";

type Change = Parameters<typeof exampleWith>[0];

/** What Terraform is told to forget. */
const forgotten = (stack: StackView) =>
  ((stack.json as { removed?: { from: string; lifecycle: { destroy: boolean } }[] }).removed ?? []).map(
    ({ from, lifecycle }) => {
      expect(lifecycle).toEqual({ destroy: false });
      return from;
    },
  );

const withoutArchive: Change = (map) => {
  delete map.archive;
  delete map.accounts["log-archive"];
};

const existingKey: Change = (map) => {
  map.accounts["payments"]!.homeRegion = "us-east-1";
  map.accounts["payments"]!.regions = {
    "us-east-1": {
      encryption: {
        mode: "existing",
        keyArn: "arn:aws:kms:us-east-1:444444444444:key/11111111-2222-3333-4444-555555555555",
      },
    },
  };
};

describe("what is protected and is no longer declared", () => {
  it.each<[string, string, RegExp, Change, Change]>([
    ["the key", "session-payments-us-east-1", /\.Key(_Alias_\w+)?$/, () => {}, existingKey],
    [
      "the log group",
      "session-payments-us-east-1",
      /\.LogGroup$/,
      () => {},
      (map) => {
        map.accounts["payments"]!.regions = ["eu-central-1", "us-east-1"];
        map.accounts["payments"]!.logs = { group: { existing: "/their/group" } };
      },
    ],
    [
      "the bucket with all that protects it, when an archive takes over",
      "session-payments-us-east-1",
      /\.Transcripts/,
      withoutArchive,
      () => {},
    ],
    [
      "the bucket of access logs",
      "archive-eu-central-1",
      /\.Transcripts_AccessLogs/,
      () => {},
      (map) => (map.transcripts!.accessLogs = "none"),
    ],
    [
      "the trail's key and buckets",
      "account-storefront",
      /^aws_(s3|kms).*\.Trail/,
      () => {},
      (map) => (map.accounts["storefront"]!.trail = "existing"),
    ],
  ])("is forgotten and not destroyed: %s", (_what, id, ours, before, after) => {
    const declared = synthesizeOne(id, exampleWith(before)).addresses.filter((address) => ours.test(address));
    const stack = synthesizeOne(id, exampleWith(after));
    expect(declared.length).toBeGreaterThan(0);
    expect(stack.addresses.filter((address) => ours.test(address))).toEqual([]);
    expect(forgotten(stack)).toEqual(expect.arrayContaining(declared));
  });

  it("does not keep a trail running that is no longer wanted", () => {
    const stack = synthesizeOne("account-payments");
    expect(forgotten(stack).filter((address) => address.startsWith("aws_cloudtrail."))).toEqual([]);
  });

  it("is destroyed where the map says protect: false", () => {
    expect(forgotten(synthesizeOne("session-sandbox-eu-central-1"))).toEqual([]);
  });

  it("is never both declared and forgotten", () => {
    for (const id of ["session-payments-us-east-1", "archive-eu-central-1", "account-storefront"]) {
      const stack = synthesizeOne(id);
      expect(forgotten(stack).filter((address) => stack.addresses.includes(address))).toEqual([]);
    }
  });
});

describe("two resources of one stack", () => {
  let outdir: string;
  beforeEach(() => (outdir = mkdtempSync(join(tmpdir(), "session-audit-addresses-"))));
  afterEach(() => rmSync(outdir, { recursive: true, force: true }));

  const validate = (...ids: string[]) => {
    const stack = new TerraformStack(new App({ outdir }), "stack");
    ids.forEach((id) => new CloudwatchLogGroup(stack, id, { name: id }));
    return uniqueAddresses(stack).validate();
  };

  it("may not come to the same address", () => {
    expect(validate("log.alerts", "logalerts")).toEqual([
      "stack/log.alerts and stack/logalerts share the address aws_cloudwatch_log_group.logalerts",
    ]);
  });

  it("may have different ones", () => expect(validate("Log", "Alerts")).toEqual([]));
});
