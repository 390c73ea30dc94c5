import type { Target, Organization } from "../../accounts/model/organization";
import { arns } from "../names";
import { awsBuckets, packageBuckets } from "../../aws/aws-buckets";
import { type Destinations, destinationsOf } from "./destinations";
import { policy, unique, type Policy, type Statement } from "./policy";
import type { Vpc } from "../../accounts/model/endpoints";

/** Who goes through the endpoints of a target's VPC, and how far. */
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

/** A service that sessions need an endpoint of, as the map calls it. */
export type EndpointService = Target["settings"]["network"][number]["except"][number];

/** Whose traffic goes through the endpoints of a VPC, and how far it may go. */
export interface EndpointReach {
  /** What sessions of those with instances in the VPC need: its owner's first, then of whom it is shared with. */
  readonly users: readonly Destinations[];
  readonly reach: "account" | "sessions";
  /** Names of buckets of others. */
  readonly buckets: readonly string[];
  /** AWS Organizations id; null: not known. */
  readonly organizationId: string | null;
}

/**
 * An endpoint policy grants nothing: it bounds what goes through, whatever the caller's own policies say. It is here
 * against data that leaves by somebody else's credentials, or to somebody else's account.
 */
export const endpointPolicy = (service: EndpointService, reach: EndpointReach): Policy =>
  POLICIES[service](reach);

const accountsOf = ({ users }: EndpointReach) => unique(users.map(({ place }) => place.account.id));

/** Roles of the accounts, the instances' own and people's; other people's credentials come to nothing here. */
const ofOwnPrincipals = (reach: EndpointReach) => ({ "aws:PrincipalAccount": accountsOf(reach) });

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

/** All of a service, on what belongs to the accounts; left out where only sessions shall get through. */
const useOwn = (Sid: string, service: "logs" | "kms", reach: EndpointReach) =>
  reach.reach === "account" &&
  letThrough(Sid, [`${service}:*`], "*", {
    ...ofOwnPrincipals(reach),
    "aws:ResourceAccount": accountsOf(reach),
  });

/** What the agent and clients of Session Manager call, associations and Default Host Management included. */
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
      // Not bound to own resources: documents and public parameters of AWS belong to no account.
      reach.reach === "account" &&
        letThrough("OwnPrincipalsUseSystemsManager", ["ssm:*"], "*", ofOwnPrincipals(reach)),
    ),

  // Clients sign their channel since the plugin's 1.2.688.0; an older one within the VPC is refused.
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
    // A key that is created has an id that AWS makes up: any of the account's, then, which IAM and the key narrow.
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
    return policy(
      written.length > 0 &&
        letThrough(
          "OwnPrincipalsWriteTranscripts",
          ["s3:PutObject", "s3:PutObjectAcl"],
          written.map(({ bucket, prefix }) => `${arns.bucket(place, bucket)}/${prefix}/*`),
          own,
        ),
      written.length > 0 &&
        letThrough(
          "OwnPrincipalsCheckTranscriptEncryption",
          ["s3:GetEncryptionConfiguration"],
          unique(written.map(({ bucket }) => arns.bucket(place, bucket))),
          own,
        ),
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
        // Unsigned, or signed by AWS in advance: no principal of the account shows.
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
