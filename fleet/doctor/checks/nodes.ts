import { AGENT_VERSIONS, compareVersions } from "../../../aws/agent-versions";
import { fault, judged, ok, warning, type Finding, type Seen } from "../model";
import type { Inputs } from "./preferences";

/** A managed node. */
export interface Node {
  /** `i-…` or `mi-…` */
  readonly id: string;
  readonly name: string | null;
  /** Whether its agent is connected. */
  readonly online: boolean;
  /** Version of its agent; null: it did not say. */
  readonly agent: string | null;
  /** Name of the role by which its agent signs; null: it has none. */
  readonly role: Seen<string | null>;
}

/** What the nodes are compared with. */
export interface NodesWanted {
  readonly region: string;
  /** ARN of the instance policy. */
  readonly policyArn: string;
  readonly inputs: Inputs;
}

/**
 * Judges the managed nodes of a region: which of them could not record a session. Nodes with the same role or the same agent
 * are one finding.
 * @param policies ARNs of the policies that are attached to each role; null: there is no such role
 */
export function judgeNodes(
  { region, policyArn, inputs }: NodesWanted,
  seen: Seen<readonly Node[]>,
  policies: ReadonlyMap<string, Seen<readonly string[] | null>>,
): Finding[] {
  const about = { check: "nodes", subject: region } as const;
  return judged(about, seen, (nodes) => {
    const findings = [
      ...roleFindings(nodes, policyArn, inputs, policies),
      ...agentFindings(nodes, inputs),
      ...offlineFindings(nodes, region),
    ];
    if (findings.length > 0) return findings;
    const count = nodes.length === 1 ? "1 managed node" : `${nodes.length} managed nodes`;
    return [ok(about, `${count}, each with the policy and an agent that records`)];
  });
}

function roleFindings(
  nodes: readonly Node[],
  policyArn: string,
  inputs: Inputs,
  policies: ReadonlyMap<string, Seen<readonly string[] | null>>,
): Finding[] {
  return groups(nodes, ({ role }) =>
    "seen" in role ? `role ${role.seen ?? "(none)"}` : "(unknown role)",
  ).flatMap(([subject, those]) => {
    const about = { check: "nodes", subject } as const;
    return judged(about, those[0]!.role, (role) => {
      const remedy = `Add the role to access.attachToRoles in the map, or attach ${policyArn}.`;
      if (role === null) {
        const found = `${names(those)}: no role is known`;
        return [fault(about, found, consequence(inputs), "Give the instances an instance profile.")];
      }
      return judged(about, policies.get(role) ?? { unseen: "the role was not read" }, (attached) =>
        attached?.includes(policyArn)
          ? []
          : [fault(about, `lacks ${policyArn}: ${names(those)}`, consequence(inputs), remedy)],
      );
    });
  });
}

/** What happens to the sessions of a node whose role may not record. */
function consequence({ enforced, bucket, logGroup, key }: Inputs): string {
  const refused = (enforced.s3 && bucket !== "") || (enforced.cloudWatch && logGroup !== "") || key !== "";
  return refused
    ? "The SSM Agent refuses their sessions, unless another policy of the role allows what it needs."
    : "Their sessions leave no record, unless another policy of the role allows it.";
}

/** What the preferences need of an agent: the first version that can do it, and what happens with an older one. */
function needsOf({
  streaming,
  logGroup,
  key,
  bucket,
  runAs,
}: Inputs): readonly (readonly [string, string])[] {
  return [
    [AGENT_VERSIONS.sessions, "It knows no sessions."],
    ...(key === ""
      ? []
      : [
          [
            AGENT_VERSIONS.encryption,
            "It cannot encrypt sessions with a key, and they are refused.",
          ] as const,
        ]),
    ...(runAs ? [[AGENT_VERSIONS.runAs, "It knows no Run As, and sessions run as ssm-user."] as const] : []),
    ...(bucket === ""
      ? []
      : [
          [AGENT_VERSIONS.bucketOwner, "A bucket of another account refuses its uploads."] as const,
          [AGENT_VERSIONS.uploadEncryption, "A bucket with a key may refuse its uploads."] as const,
        ]),
    ...(streaming && logGroup !== ""
      ? [[AGENT_VERSIONS.streaming, "It cannot stream, and writes no log stream at all."] as const]
      : []),
  ];
}

function agentFindings(nodes: readonly Node[], inputs: Inputs): Finding[] {
  const needs = needsOf(inputs);
  return groups(nodes, ({ agent }) => `agent ${agent ?? "(unknown)"}`).flatMap(([subject, those]) => {
    const about = { check: "nodes", subject } as const;
    const { agent } = those[0]!;
    if (agent === null) {
      const why = "An old agent may not record.";
      return [warning(about, `${names(those)}: the version is not known`, why, "Look at the node.")];
    }
    const lacking = needs.filter(([version]) => compareVersions(agent, version) < 0);
    if (lacking.length === 0) return [];
    const newest = lacking
      .map(([version]) => version)
      .reduce((one, other) => (compareVersions(one, other) > 0 ? one : other));
    return [
      fault(
        about,
        `is older than ${newest}: ${names(those)}`,
        lacking.map(([, why]) => why).join(" "),
        "Update the agent: prerequisites.maintain: [agent] in the map, or the document AWS-UpdateSSMAgent.",
      ),
    ];
  });
}

function offlineFindings(nodes: readonly Node[], region: string): Finding[] {
  const offline = nodes.filter(({ online }) => !online);
  if (offline.length === 0) return [];
  const why = "No session can start on them. They may be stopped.";
  const remedy = "If they should run, look at their agents and their network.";
  return [warning({ check: "nodes", subject: `${region}, offline` }, names(offline), why, remedy)];
}

/** Nodes that a finding names; a thousand would hide the rest of the report. */
const NAMED = 10;

function names(nodes: readonly Node[]): string {
  const shown = nodes.slice(0, NAMED).map(({ id, name }) => (name === null ? id : `${id} (${name})`));
  const more = nodes.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const those = found.get(keyOf(item));
    if (those) those.push(item);
    else found.set(keyOf(item), [item]);
  }
  return [...found];
}
