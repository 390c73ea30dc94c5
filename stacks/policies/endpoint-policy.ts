import type { Target, Organization } from "../../accounts/model/organization";
import { arns } from "../names";
import { awsBuckets, packageBuckets } from "../../aws/aws-buckets";
import { type Destinations, destinationsOf, type TranscriptDestination } from "./destinations";
import { aboutBuckets } from "./owned-buckets";
import { policy, unique, type Policy, type Statement } from "./policy";
import type { Vpc } from "../../accounts/model/endpoints";

/**
 * Whose traffic the endpoints of a target's VPC let through, and to what: that of the target, and of the accounts
 * that the VPC is shared with in the same region.
 */
export const reachOf = (organization: Organization, target: Target, vpc: Vpc): EndpointReach => ({
  users: [
    target,
    ...organization.targets.filter(
      ({ account, region }) => region === target.region && vpc.sharedWith.includes(account.name),
    ),
  ].map((user) => destinationsOf(organization, user)),
  reach: vpc.reach,
  buckets: vpc.buckets,
  organizationId: organization.id,
});

/** A service whose endpoint sessions need, as the map names it, such as `ssmmessages`. */
export type EndpointService = Target["settings"]["network"][number]["except"][number];

/** Whose traffic the endpoints of a VPC let through, and to which resources. */
export interface EndpointReach {
  /**
   * Destinations of the accounts with instances in the VPC: first its owner's, then those of accounts that share
   * it.
   */
  readonly users: readonly Destinations[];
  /** `sessions`: only what sessions need. `account`: also every other resource of the accounts. */
  readonly reach: "account" | "sessions";
  /** Names of buckets of other owners that the map lets through. */
  readonly buckets: readonly string[];
  /** Id of the organization, such as `o-a1b2c3d4e5`; null: the map does not say. */
  readonly organizationId: string | null;
}

/**
 * The policy of a VPC endpoint. An endpoint policy grants nothing by itself: it limits which requests pass the
 * endpoint, whatever the policies of the caller allow. This one keeps data from leaving the VPC with credentials of
 * another account, or to resources of another account.
 * @example endpointPolicy("s3", reachOf(organization, target, target.settings.network[0]!))
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
 */
export const endpointPolicy = (service: EndpointService, reach: EndpointReach): Policy =>
  POLICIES[service](reach);

const accountsOf = ({ users }: EndpointReach) => unique(users.map(({ place }) => place.account.id));

/** Matches principals of the VPC's accounts: roles of instances and of people. Other credentials do not pass. */
const ofOwnPrincipals = (reach: EndpointReach) => ({ "aws:PrincipalAccount": accountsOf(reach) });

/** Lets requests pass that fulfil every condition in `equals`. */
const letThrough = (
  Sid: string,
  Action: readonly string[],
  Resource: Statement["Resource"],
  equals: Readonly<Record<string, string | readonly string[]>>,
): Statement => ({
  Sid,
  Effect: "Allow",
  Principal: "*",
  Action,
  Resource: Resource ?? "*",
  Condition: { StringEquals: equals },
});

/** Lets every action of a service pass on resources of the accounts, unless only sessions are to pass. */
const useOwn = (Sid: string, service: "logs" | "kms", reach: EndpointReach) =>
  reach.reach === "account" &&
  letThrough(Sid, [`${service}:*`], "*", {
    ...ofOwnPrincipals(reach),
    "aws:ResourceAccount": accountsOf(reach),
  });

/**
 * What SSM Agent and clients of Session Manager call, including what the agent calls for State Manager associations
 * and Default Host Management Configuration.
 */
const HOLD_SESSIONS = [
  ...["ssm:UpdateInstanceInformation", "ssm:RequestManagedInstanceRoleToken"],
  ...["ssm:DescribeAssociation", "ssm:ListAssociations", "ssm:ListInstanceAssociations"],
  ...["ssm:UpdateAssociationStatus", "ssm:UpdateInstanceAssociationStatus"],
  ...["ssm:DescribeDocument", "ssm:GetDocument", "ssm:GetManifest", "ssm:PutConfigurePackageResult"],
  ...["ssm:PutComplianceItems", "ssm:PutInventory"],
  ...["ssm:StartSession", "ssm:ResumeSession", "ssm:TerminateSession"],
  ...["ssm:DescribeSessions", "ssm:DescribeInstanceInformation", "ssm:GetConnectionStatus"],
];

const OPEN_CHANNELS = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"];

const TAKE_MESSAGES = [
  ...["AcknowledgeMessage", "DeleteMessage", "FailMessage"],
  ...["GetEndpoint", "GetMessages", "SendReply"],
];

const POLICIES: Readonly<Record<EndpointService, (reach: EndpointReach) => Policy>> = {
  ssm: (reach) =>
    policy(
      letThrough("OwnPrincipalsHoldSessions", HOLD_SESSIONS, "*", ofOwnPrincipals(reach)),
      // aws:ResourceAccount is not required: documents and public parameters of AWS are in no account of the map.
      reach.reach === "account" &&
        letThrough("OwnPrincipalsUseSystemsManager", ["ssm:*"], "*", ofOwnPrincipals(reach)),
    ),

  // Since version 1.2.764.0 the Session Manager plugin signs its request for the data channel. An older plugin in the
  // VPC sends a request without a principal, which this policy does not let pass.
  // @see https://docs.aws.amazon.com/systems-manager/latest/userguide/plugin-version-history.html
  ssmmessages: (reach) =>
    policy(
      letThrough(
        "OwnPrincipalsOpenChannels",
        OPEN_CHANNELS.map((action) => `ssmmessages:${action}`),
        "*",
        ofOwnPrincipals(reach),
      ),
    ),

  ec2messages: (reach) =>
    policy(
      letThrough(
        "OwnPrincipalsTakeMessages",
        TAKE_MESSAGES.map((action) => `ec2messages:${action}`),
        "*",
        ofOwnPrincipals(reach),
      ),
    ),

  logs: (reach) => {
    const groups = reach.users.flatMap(({ place, logGroup }) =>
      logGroup === null ? [] : [arns.logGroup(place, logGroup)],
    );
    return policy(
      letThrough("OwnPrincipalsFindLogGroups", ["logs:DescribeLogGroups"], "*", ofOwnPrincipals(reach)),
      groups.length > 0 &&
        letThrough(
          "OwnPrincipalsWriteSessionLogs",
          ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          unique(groups.flatMap((group) => [group, `${group}:*`])),
          ofOwnPrincipals(reach),
        ),
      useOwn("OwnPrincipalsUseOwnLogs", "logs", reach),
    );
  },

  kms: (reach) => {
    // AWS makes up the id of a key that is created. So any key of the account passes; IAM and key policies narrow it.
    const keys = reach.users.flatMap(({ place, sessionKey }) =>
      sessionKey === null ? [] : ["arn" in sessionKey ? sessionKey.arn : arns.keys(place)],
    );
    return policy(
      keys.length > 0 &&
        letThrough(
          "OwnPrincipalsUseSessionKeys",
          ["kms:Decrypt", "kms:GenerateDataKey"],
          unique(keys),
          ofOwnPrincipals(reach),
        ),
      useOwn("OwnPrincipalsUseOwnKeys", "kms", reach),
    );
  },

  s3: (reach) => {
    const { place } = reach.users[0]!;
    const written = reach.users.flatMap(({ transcripts }) => (transcripts === null ? [] : [transcripts]));
    const own = ofOwnPrincipals(reach);
    const wide = reach.reach === "account";
    const pass = (
      sid: string,
      statementOf: (some: readonly TranscriptDestination[]) => Pick<Statement, "Action" | "Resource">,
    ) =>
      aboutBuckets(sid, written, statementOf).map(({ Condition, ...statement }) => ({
        ...statement,
        Principal: "*" as const,
        Condition: { StringEquals: { ...own, ...Condition?.["StringEquals"] } },
      }));
    return policy(
      ...pass("OwnPrincipalsWriteTranscripts", (some) => ({
        Action: ["s3:PutObject", "s3:PutObjectAcl"],
        Resource: some.map(({ bucket, prefix }) => `${arns.bucket(place, bucket)}/${prefix}/*`),
      })),
      ...pass("OwnPrincipalsCheckTranscriptEncryption", (some) => ({
        Action: ["s3:GetEncryptionConfiguration"],
        Resource: unique(some.map(({ bucket }) => arns.bucket(place, bucket))),
      })),
      reach.buckets.length > 0 &&
        letThrough(
          "OwnPrincipalsUseNamedBuckets",
          ["s3:*"],
          reach.buckets.flatMap((bucket) => [arns.bucket(place, bucket), `${arns.bucket(place, bucket)}/*`]),
          own,
        ),
      wide &&
        letThrough("OwnPrincipalsUseOwnBuckets", ["s3:*"], "*", {
          ...own,
          ...(reach.organizationId === null
            ? { "aws:ResourceAccount": accountsOf(reach) }
            : { "aws:ResourceOrgID": reach.organizationId }),
        }),
      {
        // These requests have no principal of the account: they are unsigned, or AWS has presigned their URLs.
        Sid: "AnybodyReadsBucketsOfAws",
        Effect: "Allow",
        Principal: "*",
        Action: ["s3:GetObject"],
        Resource: [...awsBuckets(place.region), ...(wide ? packageBuckets(place.region) : [])].map(
          (bucket) => `${arns.bucket(place, bucket)}/*`,
        ),
      },
    );
  },
};
