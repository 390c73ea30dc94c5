import type { OncePerAccount } from "../../accounts/model/settings";
import { sha256Of } from "../../files/checksum";
import { parseJsonString } from "../../review/documents";
import { fieldChanges, type DocumentPlace } from "./fields";
import type {
  AccountFacts,
  FieldChange,
  FoundDocument,
  FoundTrail,
  Line,
  TargetFacts,
  TargetResult,
} from "./model";
import { ownerOf, type Owner } from "./owners";
import { targetQuotas } from "./quotas";
import type { WantedStack } from "./wanted";
import type { Look } from "../aws-errors";

/** What a target is judged by. */
export interface TargetProps {
  readonly place: DocumentPlace;
  /** Name of the organization in the map. */
  readonly organization: string;
  /** The setting `preferences.adopt` of the target. */
  readonly adopt: boolean;
  /** SHA-256 of the content that somebody has looked at; null: nobody has. */
  readonly seen: string | null;
  /** The setting `trail` of the account. */
  readonly trail: OncePerAccount["trail"];
  readonly wanted: { readonly session: WantedStack; readonly account: WantedStack | null };
  readonly regions: AccountFacts["regions"];
  readonly facts: TargetFacts;
}

/** What stands in the way of a rollout to one target, and what it would change. */
export function judgeTarget(props: TargetProps): TargetResult {
  const { place, adopt, facts, organization, regions } = props;
  const { account, accountId, region, stack } = place;
  const head = { account, accountId, region, stack, adopt };
  const none = { exists: null, document: null, seen: false, changes: [] };
  const enabled = regionLine(regions, region);
  // Nothing can be read in a region that is not enabled: what AWS answers there has no meaning.
  if (enabled.verdict === "to-do") return { ...head, ...none, lines: [enabled] };
  const look = facts.document;
  const owner = look.looked && look.value !== null ? ownerIn(look.value, organization) : null;
  const others = [
    enabled,
    ...trailLines(facts.trails, props),
    ...targetQuotas(facts, props.wanted, owner?.kind === "own"),
  ];
  if (!look.looked) {
    const text = `The preferences were not read: ${look.reason}.`;
    return {
      ...head,
      ...none,
      lines: [{ subject: "preferences", verdict: "not-looked-at", text }, ...others],
    };
  }
  if (look.value === null || owner === null) {
    return { ...head, ...none, exists: false, lines: [absentLine(adopt), ...others] };
  }
  const found = look.value;
  const sha256 = sha256Of(found.content);
  const seen = props.seen === sha256;
  const changes = fieldChanges(found.content, props.wanted.session.preferences ?? "", place);
  const { latestVersion, defaultVersion } = found;
  return {
    ...head,
    exists: true,
    document: { sha256, latestVersion, defaultVersion, owner: owner.name, isOwn: owner.kind === "own" },
    seen,
    changes: changes ?? [],
    lines: [
      preferencesLine(owner, changes, { adopt, seen }),
      versionsLine(found),
      ...ownerLines(owner, seen),
      ...others,
    ],
  };
}

const ownerIn = ({ content, tags }: FoundDocument, organization: string): Owner => {
  const document = parseJsonString(content) as { description?: unknown; inputs?: unknown } | undefined;
  const { description, inputs } = document ?? {};
  return ownerOf(
    {
      description: typeof description === "string" ? description : "",
      tags,
      inputs: typeof inputs === "object" && inputs !== null ? (inputs as Record<string, unknown>) : {},
    },
    organization,
  );
};

function regionLine(regions: AccountFacts["regions"], region: string): Line {
  if (!regions.looked)
    return {
      subject: "region",
      verdict: "not-looked-at",
      text: `Whether the region is enabled was not read: ${regions.reason}.`,
    };
  const enabled = regions.value.get(region);
  if (enabled === undefined)
    return { subject: "region", verdict: "note", text: "AWS does not list this region for the account." };
  if (enabled) return { subject: "region", verdict: "ok", text: "The region is enabled." };
  return {
    subject: "region",
    verdict: "to-do",
    text: "The region is not enabled in this account, so nothing else there was looked at.",
    remedy: "Enable it in the account's settings, or take the region out of the map.",
  };
}

const absentLine = (adopt: boolean): Line =>
  adopt
    ? {
        subject: "preferences",
        verdict: "to-do",
        text: "They do not exist, and the map adopts them: Terraform cannot import what does not exist.",
        remedy:
          "Remove preferences.adopt for this region from the map; --write does so in the generated file.",
      }
    : { subject: "preferences", verdict: "ok", text: "They do not exist, so nothing is replaced." };

const ADOPT = "Read the changes, and run again with --write: it writes adopt: true and what was looked at.";

function preferencesLine(
  owner: Owner,
  changes: readonly FieldChange[] | null,
  { adopt, seen }: { readonly adopt: boolean; readonly seen: boolean },
): Line {
  const subject = "preferences";
  const changed = changes === null ? "nobody can compare their content" : changesIn(changes);
  if (owner.kind === "own") {
    return { subject, verdict: "ok", text: `session-audit has written them: ${changed}.` };
  }
  if (!adopt) {
    const text = `They exist, and the map does not adopt them: the first deployment would fail. Adopted, ${changed}.`;
    return { subject, verdict: "to-do", text, remedy: ADOPT };
  }
  if (!seen) {
    const text = `They exist, the map adopts them, and nobody has looked at this content: ${changed}.`;
    return { subject, verdict: "to-do", text, remedy: ADOPT };
  }
  return { subject, verdict: "note", text: `They exist, and the map adopts them: ${changed}.` };
}

/** How many fields change, and in which direction. */
export function changesIn(changes: readonly FieldChange[]): string {
  if (changes.length === 0) return "nothing changes";
  const count = (effect: FieldChange["effect"]) =>
    changes.filter((change) => change.effect === effect).length;
  const fields = changes.length === 1 ? "1 field changes" : `${changes.length} fields change`;
  const directions = (["weaker", "stronger", "other"] as const)
    .filter((effect) => count(effect) > 0)
    .map((effect) => `${count(effect)} ${effect === "other" ? "for a person to judge" : effect}`);
  return directions.length === 0 ? fields : `${fields}: ${directions.join(", ")}`;
}

function versionsLine({ latestVersion, defaultVersion }: FoundDocument): Line {
  const subject = "versions";
  if (latestVersion === defaultVersion)
    return { subject, verdict: "ok", text: `Version ${latestVersion} is the latest and the default.` };
  return {
    subject,
    verdict: "to-do",
    // https://github.com/hashicorp/terraform-provider-aws/issues/31131
    text: `Version ${latestVersion} is the latest, and ${defaultVersion} the default: Terraform cannot update the document.`,
    remedy:
      "Run again with --promote, which makes the latest version the default. Sessions use the latest already.",
  };
}

/** Somebody who has looked at the document has seen who else keeps it. */
function ownerLines(owner: Owner, seen: boolean): Line[] {
  if (owner.kind !== "tool") return [];
  return [
    {
      subject: "owner",
      verdict: seen ? "note" : "to-do",
      text: `Kept by ${owner.name}: two tools would write the same document, one after the other.`,
      remedy: "Take the document out of the other tool without deleting it, before the rollout.",
    },
  ];
}

const NO_TRAIL =
  "Without a trail that logs management events, EventBridge gets no session events, and nobody is notified.";

function trailLines(
  trails: Look<readonly FoundTrail[]>,
  { trail, wanted }: Pick<TargetProps, "trail" | "wanted">,
): Line[] {
  const subject = "trail";
  if (!trails.looked)
    return [{ subject, verdict: "not-looked-at", text: `The trails were not read: ${trails.reason}.` }];
  const working = trails.value.find(({ isLogging, recordsWrites }) => isLogging && recordsWrites);
  if (working !== undefined)
    return [{ subject, verdict: "ok", text: `The trail ${working.name} records the calls of this region.` }];
  if (trail === "create")
    return [{ subject, verdict: "ok", text: "The stack of the account creates a trail for all regions." }];
  const [first] = trails.value;
  const text =
    first === undefined
      ? `No trail covers this region. ${NO_TRAIL}`
      : first.isLogging
        ? `The trail ${first.name} covers this region, and does not record management events that write. ${NO_TRAIL}`
        : `The trail ${first.name} covers this region, and does not log. ${NO_TRAIL}`;
  // Who asks for no notifications needs no trail.
  const needsEvents = (wanted.session.counts["aws_cloudwatch_event_rule"] ?? 0) > 0;
  return [
    {
      subject,
      verdict: needsEvents ? "to-do" : "note",
      text,
      remedy: 'Start the logging of a trail of management events, or set trail: "create" in the map.',
    },
  ];
}
