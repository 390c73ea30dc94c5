import { arnParts } from "../../aws/arn";
import { centralActivityOf, centralSiteOf } from "../model/central";
import { valueAt } from "../model/merge";
import type { Organization } from "../model/merged";
import type { Path } from "../reading/problems";
import { saidAt } from "../rules/conflict";
import type { ParsedMap } from "../schema";
import { isHeard } from "./settings";
import type { AcceptableWarning } from "../schema/accept";

/** A place of the map that leads to a warning. */
export interface Doubtful {
  readonly warning: AcceptableWarning;
  readonly at: Path;
  readonly found: unknown;
  readonly why: string;
  readonly remedy: string;
}

/** What is doubtful about the map as a whole. */
export const organizationDoubts = (map: ParsedMap, organization: Organization): Doubtful[] => [
  ...unheardSessions(map, organization),
  ...unheardFindings(map, organization),
  ...nothingProtected(map, organization),
  ...unknownReaders(map, organization),
  ...guardrailDoubts(map, organization),
];

/** The activity channel of a target is heard if somebody hears it, or the central channel to which it forwards. */
function unheardSessions(map: ParsedMap, organization: Organization): Doubtful[] {
  return organization.targets.flatMap((target): Doubtful[] => {
    const { account, region, settings } = target;
    const { activity } = settings.notifications;
    const central = centralActivityOf(organization, target);
    const isHeardCentrally = central !== null && isHeard(central.settings.notifications.activity);
    if (!activity.enabled || isHeard(activity) || isHeardCentrally) return [];
    const setting = ["notifications", "activity", "subscribers"];
    return [
      {
        warning: "activity-unheard",
        at:
          central === null
            ? saidAt(map, account.name, region, setting, [["notifications", "activity", "enabled"]])
            : setting,
        found: activity.subscribers,
        why:
          central === null
            ? "The topic of the activity channel has no subscriber, no chat channel and no action: nobody is notified of sessions."
            : "Neither the activity channel nor the central topic has a subscriber, a chat channel or an action: nobody is notified of sessions.",
        remedy:
          central === null
            ? "add a subscriber, a chat channel or an action, or set notifications.activity.enabled: false"
            : "add a subscriber, a chat channel or an action to notifications.activity, at the top of the map",
      },
    ];
  });
}

/** The security channel of a target is heard if somebody hears it, or the central channel to which it forwards. */
function unheardFindings(map: ParsedMap, organization: Organization): Doubtful[] {
  return organization.targets.flatMap((target): Doubtful[] => {
    const { account, region, settings } = target;
    const { security } = settings.notifications;
    const central = centralSiteOf(organization, target);
    const isHeardCentrally = central !== null && isHeard(central.settings.notifications.security);
    if (!security.enabled || isHeard(security) || isHeardCentrally) return [];
    const setting = ["notifications", "security", "subscribers"];
    return [
      {
        warning: "security-unheard",
        at: organization.central === null ? saidAt(map, account.name, region, setting) : setting,
        found: security.subscribers,
        why: "The topic of the security channel has no subscriber, no chat channel and no action: nobody is notified when somebody weakens the recording.",
        remedy:
          central === null
            ? "add a subscriber, a chat channel or an action, or set notifications.security.enabled: false"
            : organization.central !== null
              ? "add a subscriber, a chat channel or an action to notifications.security, at the top of the map"
              : `add a subscriber to the account ${central.account.name}, whose channel gets the findings of all accounts`,
      },
    ];
  });
}

function nothingProtected(map: ParsedMap, { targets, archives }: Organization): Doubtful[] {
  const users = [...targets, ...archives];
  if (users.length === 0 || users.some(({ settings }) => settings.protect)) return [];
  return [
    {
      warning: "nothing-protected",
      at: ["protect"],
      found: valueAt(map, ["protect"]) ?? "false in every account",
      why: "Terraform may destroy every key, bucket, log group and preferences document, for example after a mistake in the map.",
      remedy: "set protect: true, and protect: false only for accounts that are for trying things out",
    },
  ];
}

function unknownReaders(map: ParsedMap, { accounts, targets, archives }: Organization): Doubtful[] {
  const ids = new Set(accounts.map(({ id }) => id));
  return [...targets, ...archives].flatMap(({ account, region, settings: { transcripts } }) =>
    (["readers", "organizationReaders"] as const).flatMap((list) => {
      const outside = transcripts[list].filter((arn) => !ids.has(arnParts(arn).accountId));
      if (outside.length === 0) return [];
      return [
        {
          warning: "reader-outside",
          at: saidAt(map, account.name, region, ["transcripts", list]),
          found: outside,
          why: "These roles can read transcripts, and their account is not in the map: its administrators decide who may assume the roles.",
          remedy: "name roles of accounts in the map, or add the account to the map with regions: []",
        } as const,
      ];
    }),
  );
}

function guardrailDoubts(map: ParsedMap, { guardrails, targets, archives }: Organization): Doubtful[] {
  if (guardrails === null) return [];
  const { managementAccount, breakGlassRoles, allowedDocuments } = guardrails;
  const archive = archives[0]?.account;
  const ended = allowedDocuments.filter((document) =>
    targets.some(
      ({ settings: { guard } }) =>
        guard.enabled && guard.terminate && !guard.allowedDocuments.includes(document),
    ),
  );
  return [
    ...(breakGlassRoles.length === 0
      ? [
          {
            warning: "no-break-glass",
            at: ["guardrails", "breakGlassRoles"],
            found: valueAt(map, ["guardrails", "breakGlassRoles"]),
            why: "The service control policies bind everybody but the roles that deploy. If these roles fail, nobody in a member account can repair the recording; only the management account can detach the policies.",
            remedy: "name a role for emergencies in guardrails.breakGlassRoles",
          } as const,
        ]
      : []),
    ...(ended.length > 0
      ? [
          {
            warning: "allowed-then-ended",
            at: ["guardrails", "allowedDocuments"],
            found: ended,
            why: "Guardrails let sessions with these documents start, and the guard of at least one account ends them, because guard.allowedDocuments does not name the documents.",
            remedy: "name the documents in guard.allowedDocuments too, or remove them here",
          } as const,
        ]
      : []),
    ...(archive?.id === managementAccount.id
      ? [
          {
            warning: "archive-in-management",
            at: ["archive", "account"],
            found: archive.name,
            why: "No service control policy binds the management account, so guardrails do not protect the transcripts of all accounts from its administrators.",
            remedy: "use a log archive account of its own",
          } as const,
        ]
      : []),
  ];
}
