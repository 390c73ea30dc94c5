/** What a first map is made from. */
export interface Answers {
  /** Name of the organization: a part of nearly all names of resources. */
  readonly organization: string;
  readonly accounts: readonly NamedAccount[];
  /** The regions in which the sessions of every account are recorded. The first is the home region. */
  readonly regions: readonly string[];
  /** Name of the account that owns all buckets of transcripts; null: each account owns its own. */
  readonly archive: string | null;
  /** Who may read transcripts: ARNs of roles. */
  readonly readers: readonly string[];
  /** Roles of instances, which get the permission to record; none: the map asks for an instance profile. */
  readonly instanceRoles: readonly string[];
  /** Receives notifications and findings; null: nobody. */
  readonly email: string | null;
  /** Bucket of the Terraform states; null: files on this machine. */
  readonly stateBucket: string | null;
  /** Name of the role that Terraform assumes in each account. */
  readonly role: string;
  /** Name of the role in each account that plans, looks and changes nothing. */
  readonly planRole: string;
}

/** An account, and its name in the map. */
export interface NamedAccount {
  readonly name: string;
  /** 12 digits. */
  readonly id: string;
}

/** A text of one line in YAML: JSON is YAML, and plain where no reader can take it for something else. */
const text = (value: string): string =>
  /^[a-z][a-z0-9-]*$/.test(value) && !/^(?:null|true|false|yes|no|on|off|[yn])$/.test(value)
    ? value
    : JSON.stringify(value);

const list = (values: readonly string[]): string => `[${values.map(text).join(", ")}]`;

const state = ({ stateBucket, regions }: Answers): string[] =>
  stateBucket === null
    ? [
        "# Files on this machine. In production, use a bucket: docs/getting-started.md",
        "state: { backend: local, directory: state }",
      ]
    : [
        `state: { backend: s3, bucket: ${text(stateBucket)}, region: ${text(regions[0]!)}, keyPrefix: session-audit }`,
      ];

const readers = ({ readers }: Answers): string[] =>
  readers.length === 0
    ? ["# Nobody reads transcripts until transcripts.readers names roles."]
    : [`transcripts: { readers: ${list(readers)} }`];

const instances = ({ instanceRoles }: Answers): string =>
  instanceRoles.length === 0
    ? "access: { instanceProfile: true } # attach it to your instances: others refuse sessions"
    : `access: { attachToRoles: ${list(instanceRoles)} } # the roles of your instances: others refuse sessions`;

const notifications = ({ email }: Answers): string[] =>
  email === null
    ? ["# Nobody is notified until notifications.activity and notifications.security have subscribers."]
    : [
        "notifications:",
        `  activity: &alerts { subscribers: [{ protocol: email, endpoint: ${text(email)} }] }`,
        "  security: *alerts # changes to the recording itself",
      ];

function account({ name, id }: NamedAccount, { archive, regions }: Answers): string {
  // An account that owns the buckets has no sessions of its own, unless somebody adds regions.
  const recorded = name === archive ? "[] # owns the buckets" : list(regions);
  const [values, comment = ""] = recorded.split(" #");
  const written = `{ id: "${id}", homeRegion: ${text(regions[0]!)}, regions: ${values} }`;
  return `  ${text(name)}: ${written}${comment && ` #${comment}`}`;
}

/**
 * A first map as YAML with comments.
 * @example firstMap({ organization: "acme", accounts: [{ name: "sandbox", id: "222222222222" }], ... })
 */
export const firstMap = (answers: Answers): string =>
  [
    "# The accounts map of session-audit. docs/map.md explains every setting: what is left out has a safe default.",
    `organization: { name: ${text(answers.organization)} } # for good: names of resources contain it`,
    ...state(answers),
    `deployment: { mode: assume-role, role: ${text(answers.role)}, planRole: ${text(answers.planRole)} } # in each account`,
    ...(answers.archive === null ? [] : [`archive: { account: ${text(answers.archive)} }`]),
    "trail: existing # states that a CloudTrail trail records the accounts; create: make one in each",
    ...readers(answers),
    instances(answers),
    ...notifications(answers),
    "accounts:",
    "  # These names are for good: stack ids and state keys contain them.",
    ...answers.accounts.map((one) => account(one, answers)),
    "",
  ].join("\n");
