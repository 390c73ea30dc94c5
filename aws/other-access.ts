/** A way into a host that is no session of Session Manager with its preferences. */
export interface WayIn {
  /** The way in, in AWS's own words. */
  readonly what: string;
  /** The actions of IAM that it takes, in the form of a policy. */
  readonly actions: readonly string[];
  /**
   * The attribute of an instance to which the refusal of `ec2:ModifyInstanceAttribute` is limited.
   * @default none the action is refused as a whole
   */
  readonly attribute?: string;
  /** What leaves a record of it, and what its refusal does not stop. */
  readonly limits: string;
  /** The page of AWS about it. */
  readonly see: string;
}

const SYSTEMS_MANAGER = "https://docs.aws.amazon.com/systems-manager/latest/userguide";
const EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide";

/** Ways into a host that a service control policy can refuse, by the word that a map has for each. */
export const OTHER_ACCESS = {
  "run-command": {
    what: "Run Command",
    actions: ["ssm:SendCommand"],
    limits:
      "Its own output, if the caller asks for it. Patching, maintenance windows and Ansible send commands, too: name the roles that may",
    see: `${SYSTEMS_MANAGER}/run-command.html`,
  },
  automation: {
    what: "Automation",
    actions: ["ssm:StartAutomationExecution", "ssm:StartChangeRequestExecution"],
    limits: "Its own history of steps. Remediations of AWS Config start automations, too",
    see: `${SYSTEMS_MANAGER}/systems-manager-automation.html`,
  },
  "state-manager": {
    what: "Associations of State Manager",
    actions: [
      ...["ssm:CreateAssociation", "ssm:CreateAssociationBatch", "ssm:StartAssociationsOnce"],
      "ssm:UpdateAssociation",
    ],
    limits:
      "Its own history. An association that exists already runs on. Quick Setup and Distributor create associations, too",
    see: `${SYSTEMS_MANAGER}/systems-manager-state.html`,
  },
  "maintenance-windows": {
    what: "Tasks of maintenance windows",
    actions: ["ssm:RegisterTaskWithMaintenanceWindow", "ssm:UpdateMaintenanceWindowTask"],
    limits: "Its own history. A task that exists already runs on",
    see: `${SYSTEMS_MANAGER}/maintenance-windows.html`,
  },
  "just-in-time": {
    what: "Just-in-time node access",
    actions: ["ssm:GetAccessToken", "ssm:StartAccessRequest"],
    limits:
      "The requests, and the sessions by the preferences. The sessions use credentials that Systems Manager hands out, and AWS does not document which service control policies bind them",
    see: `${SYSTEMS_MANAGER}/systems-manager-just-in-time-node-access.html`,
  },
  "remote-desktop": {
    what: "Remote Desktop through Fleet Manager",
    actions: ["ssm-guiconnect:StartConnection"],
    limits:
      "A video, if the account has set that up. Fleet Manager opens a port-forwarding session for it, which refuseUnrecordedSessions refuses as well",
    see: `${SYSTEMS_MANAGER}/fleet-manager-remote-desktop-connections.html`,
  },
  "instance-connect": {
    what: "EC2 Instance Connect, and tunnels through its endpoints",
    actions: ["ec2-instance-connect:OpenTunnel", "ec2-instance-connect:SendSSHPublicKey"],
    limits: "Nothing. Who has a key of the host needs no Instance Connect",
    see: `${EC2}/connect-linux-inst-eic.html`,
  },
  "serial-console": {
    what: "EC2 serial console",
    actions: ["ec2-instance-connect:SendSerialConsoleSSHPublicKey", "ec2:EnableSerialConsoleAccess"],
    limits: "Nothing. A user with a password must exist on the host",
    see: `${EC2}/ec2-serial-console.html`,
  },
  "user-data": {
    what: "User data of an instance that exists",
    actions: ["ec2:ModifyInstanceAttribute"],
    attribute: "userData",
    limits:
      "Nothing. User data runs when the instance starts again. AWS documents the condition key with which the refusal finds the attribute, but not the spelling of its values. The principal that launches an instance decides what it runs",
    see: `${EC2}/user-data.html`,
  },
  "ecs-exec": {
    what: "ECS Exec",
    actions: ["ecs:ExecuteCommand"],
    limits: "A log that the cluster decides about. It leads into containers",
    see: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
  },
} as const satisfies Readonly<Record<string, WayIn>>;

/** A word for a way into a host. */
export type OtherAccess = keyof typeof OTHER_ACCESS;

/** All words for ways into a host. */
export const OTHER_ACCESS_KINDS = Object.keys(OTHER_ACCESS) as [OtherAccess, ...OtherAccess[]];

/** Ways into a host that no service control policy can refuse. */
export const ACCESS_WITHOUT_REFUSAL: readonly (readonly [what: string, why: string])[] = [
  [
    "SSH, RDP and WinRM over the network",
    "They are no calls of AWS's API. Security groups, network ACLs and the host's users decide",
  ],
  [
    "A disk: its snapshot, or the disk itself at another instance",
    "Backups make the same calls. The key of the disk decides who reads it",
  ],
  [
    "What an image, a launch template or a deployment tool brings to the host",
    "Whoever builds it decides what it runs",
  ],
];
