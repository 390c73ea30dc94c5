import { PARTITIONS, type Partition } from "../../../aws/regions";
import { arns, channelNames, names } from "../../../stacks/names";
import { transcriptBucketPolicy } from "../../../stacks/policies/bucket-policy";
import { instanceTrust } from "../../../stacks/policies/instance-policy";
import { archiveKeyPolicy, sessionKeyPolicy, trailKeyPolicy } from "../../../stacks/policies/key-policy";
import { policiesOf } from "./every-policy";
import {
  administratorOf,
  ARCHIVE,
  at,
  encrypting,
  headers,
  MEMBER,
  exampleOrganization,
  ORGANIZATION,
  service,
  statementOf,
  decisionOn,
  type Actor,
} from "./helpers";

/** A partition, a region of it, the suffix of service principals that have no other, and those of kms:ViaService. */
const PLACES: readonly [Partition, string, string, readonly string[]][] = [
  ["aws", "eu-central-1", "amazonaws.com", ["amazonaws.com"]],
  ["aws-us-gov", "us-gov-west-1", "amazonaws.com", ["amazonaws.com"]],
  ["aws-cn", "cn-north-1", "amazonaws.com.cn", ["amazonaws.com.cn"]],
  ["aws-eusc", "eusc-de-east-1", "amazonaws.com", ["amazonaws.eu", "amazonaws.com"]],
];

it("covers every partition", () => {
  expect(PLACES.map(([partition]) => partition)).toEqual(PARTITIONS);
});

describe.each(PLACES)("in the partition %s", (partition, region, suffix, viaSuffixes) => {
  const place = at(MEMBER, region, partition);
  const keyArn = `arn:${partition}:kms:${region}:${MEMBER}:key/1`;
  const admin = administratorOf(MEMBER, partition);
  const key = sessionKeyPolicy(place, {
    logGroup: names.logGroup(place),
    bucket: names.transcriptBucket(place),
    readers: [`arn:${partition}:iam::${ARCHIVE}:role/reviewer`],
    sessionData: true,
    topics: [channelNames({ kind: "activity", place }).topic],
  });
  const use = (who: Actor, context: object, policy = key, action = "kms:GenerateDataKey") =>
    decisionOn({ who, action, resource: keyArn, owner: MEMBER, context: { ...context }, policy });
  const via = (service: string) => ({
    "kms:ViaService": service,
    ...encrypting({ "aws:s3:arn": arns.bucket(place, names.transcriptBucket(place)) }),
  });

  it(`allows CloudWatch Logs as logs.${region}.${suffix}`, () => {
    // The statement is compared by structure: the simulator knows no service principals under amazonaws.com.cn.
    expect(statementOf(key, "CloudWatchLogsEncryptsThisLogGroup")).toMatchObject({
      Principal: { Service: `logs.${region}.${suffix}` },
      Condition: {
        ArnEquals: { "kms:EncryptionContext:aws:logs:arn": arns.logGroup(place, names.logGroup(place)) },
      },
    });
  });

  it(`lets instances assume their role as ec2.${suffix}`, () => {
    expect(statementOf(instanceTrust(place), "InstancesTakeThisRole")).toMatchObject({
      Principal: { Service: `ec2.${suffix}` },
    });
  });

  it.each(["amazonaws.com", "amazonaws.com.cn", "amazonaws.eu"])(
    `lets S3 use the key in ${region} by a name in %s only if services have such names there`,
    async (candidate) => {
      const expected = viaSuffixes.includes(candidate) ? "Allowed" : "ImplicitlyDenied";
      expect(await use(admin, via(`s3.${region}.${candidate}`))).toBe(expected);
    },
  );

  it("allows EventBridge by the name that it has in every partition", async () => {
    const context = encrypting({
      "aws:sns:topicArn": arns.topic(place, channelNames({ kind: "activity", place }).topic),
    });
    expect(await use(service("events.amazonaws.com"), context)).toBe("Allowed");
  });

  it("allows CloudTrail by the name that it has in every partition", async () => {
    const trail = arns.trail(place);
    const context = { "aws:SourceArn": trail, ...encrypting({ "aws:cloudtrail:arn": trail }) };
    expect(await use(service("cloudtrail.amazonaws.com"), context, trailKeyPolicy(place))).toBe("Allowed");
  });

  it("allows a member to write a transcript to the archive's bucket, encrypted with the archive's key", async () => {
    const archive = at(ARCHIVE, region, partition);
    const bucket = names.transcriptBucket(archive);
    const arn = arns.bucket(archive, bucket);
    const archiveKeyArn = `arn:${partition}:kms:${region}:${ARCHIVE}:key/1`;
    const members = { organizationId: ORGANIZATION };
    const policy = transcriptBucketPolicy(archive, {
      bucket,
      prefix: "sessions",
      members,
      readers: [],
      keyArn: archiveKeyArn,
      replication: null,
      protect: true,
    });
    const put = await decisionOn({
      who: admin,
      action: "s3:PutObject",
      resource: `${arn}/sessions/${MEMBER}/${region}/x.log`,
      owner: ARCHIVE,
      context: headers({ acl: "bucket-owner-full-control", sse: "aws:kms", key: archiveKeyArn }),
      policy,
    });
    const encrypt = await decisionOn({
      who: admin,
      action: "kms:GenerateDataKey",
      resource: archiveKeyArn,
      owner: ARCHIVE,
      context: { "kms:ViaService": `s3.${region}.${viaSuffixes[0]}`, ...encrypting({ "aws:s3:arn": arn }) },
      policy: archiveKeyPolicy(archive, { bucket, members, readers: [], topics: [] }),
    });
    expect([put, encrypt]).toEqual(["Allowed", "Allowed"]);
  });

  it("names no ARN of another partition in any policy", () => {
    const reader = `arn:${partition}:iam::${ARCHIVE}:role/reviewer`;
    const organization = exampleOrganization({
      transcripts: { readers: [reader] },
      accounts: {
        "log-archive": { id: ARCHIVE, homeRegion: region, regions: [] },
        one: { id: MEMBER, homeRegion: region, regions: [region] },
      },
    });
    // keyIn makes ARNs in the partition aws. They are inputs of this test.
    const text = JSON.stringify(policiesOf(organization)).replaceAll(/arn:aws:kms:[^"]*:key\/0f0f[^"]*/g, "");
    const found = [...text.matchAll(/arn:(aws[a-z-]*):/g)].map((match) => match[1]);
    expect([...new Set(found)]).toEqual([partition]);
  });
});
