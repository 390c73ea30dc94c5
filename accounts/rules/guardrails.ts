import { arnParts, isArn } from "../../aws/arn";
import { rolesOfInstances } from "../model/access";
import type { Organization } from "../model/merged";
import type { Guardrails } from "../model/organization";
import { PREFERENCES_DOCUMENT } from "../../aws/session-manager";
import { problem } from "./conflict";
import type { Conflict, Path } from "../reading/problems";
import type { ParsedMap } from "../schema";

/** Settings of the guardrails that contradict each other, or the rest of the map. */
export function guardrailProblems(map: ParsedMap, organization: Organization): Conflict[] {
  const { guardrails, accounts } = organization;
  if (guardrails === null || map.guardrails === undefined) return [];
  const first = accounts[0];
  return [
    ...(first ? partitionProblems(map, guardrails, first.partition) : []),
    ...managementProblems(map, guardrails),
    ...deploymentRoleProblems(map),
    ...repetitions(map),
    ...documentProblems(map, guardrails),
    ...otherAccessProblems(map, guardrails),
    ...instanceRoleProblems(map, guardrails, organization),
  ];
}

const pathTo = (...rest: Path): Path => ["guardrails", ...rest];
const ANY_HOME_REGION: Path = ["accounts", "*", "homeRegion"];

function partitionProblems(map: ParsedMap, { managementAccount }: Guardrails, partition: string): Conflict[] {
  if (managementAccount.partition !== partition)
    return [
      problem(
        map,
        pathTo("managementAccount", "homeRegion"),
        `a region of partition ${partition}, like the first account's home region`,
        "an organization is in one partition; name a region of that partition",
        [ANY_HOME_REGION],
      ),
    ];
  return (["breakGlassRoles", "deploymentRoles", "otherAccessRoles"] as const).flatMap((list) =>
    (map.guardrails?.[list] ?? []).flatMap((role, index) =>
      arnParts(role).partition === partition
        ? []
        : problem(
            map,
            pathTo(list, index),
            `a role of partition ${partition}: arn:${partition}:iam::…`,
            "the accounts of the map are in another partition than this role; correct the ARN",
            [ANY_HOME_REGION],
          ),
    ),
  );
}

function managementProblems(
  map: ParsedMap,
  { managementAccount, organizationalUnits }: Guardrails,
): Conflict[] {
  const { id, role } = managementAccount;
  const attached = organizationalUnits.indexOf(id);
  const { deployment } = map;
  const arn = deployment.mode === "assume-role" && isArn(deployment.role) ? deployment.role : null;
  return [
    ...(attached < 0
      ? []
      : [
          problem(
            map,
            pathTo("organizationalUnits", attached),
            "another id than the management account's, since no service control policy binds that account",
            "remove it",
            [pathTo("managementAccount", "id")],
          ),
        ]),
    ...(deployment.mode === "ambient" && role !== null
      ? [
          problem(
            map,
            pathTo("managementAccount", "role"),
            "nothing: with deployment mode ambient, Terraform assumes no role",
            'remove it, or use deployment mode "assume-role"',
            [["deployment"]],
          ),
        ]
      : []),
    ...(arn !== null && role === null && arnParts(arn).accountId !== id
      ? [
          problem(
            map,
            pathTo("managementAccount", "role"),
            `the name of a role of account ${id}: deployment.role is the ARN of a role of another account`,
            "name the role that Terraform assumes in the management account",
            [["deployment"]],
          ),
        ]
      : []),
  ];
}

function deploymentRoleProblems(map: ParsedMap): Conflict[] {
  const roles = map.guardrails?.deploymentRoles ?? null;
  const known = roles === null ? map.deployment.mode === "assume-role" : roles.length > 0;
  if (known) return [];
  return [
    problem(
      map,
      pathTo("deploymentRoles"),
      "at least one role: without one, the policies would also bind the pipeline that deploys what they protect",
      'list the roles of the pipeline, like "arn:aws:iam::*:role/session-audit-deploy"',
      [["deployment"]],
    ),
  ];
}

function repetitions(map: ParsedMap): Conflict[] {
  const lists = [
    "organizationalUnits",
    "breakGlassRoles",
    "deploymentRoles",
    "allowedDocuments",
    "refuseOtherAccess",
    "otherAccessRoles",
  ] as const;
  return lists.flatMap((name) => {
    const list: readonly string[] = map.guardrails?.[name] ?? [];
    return list.flatMap((element, index) =>
      list.indexOf(element) < index
        ? problem(map, pathTo(name, index), "each element once", "remove the repetition")
        : [],
    );
  });
}

const otherAccessProblems = (
  map: ParsedMap,
  { refuseOtherAccess, otherAccessRoles }: Guardrails,
): Conflict[] =>
  otherAccessRoles.length === 0 || refuseOtherAccess.length > 0
    ? []
    : [
        problem(
          map,
          pathTo("otherAccessRoles"),
          "nothing: refuseOtherAccess refuses no way in, so that no role needs an exemption",
          "remove the roles, or say in refuseOtherAccess what is refused to everybody else",
          [pathTo("refuseOtherAccess")],
        ),
      ];

const instanceRoleProblems = (
  map: ParsedMap,
  { keepInstanceRoles }: Guardrails,
  { accounts }: Organization,
): Conflict[] =>
  !keepInstanceRoles || accounts.some(({ settings }) => rolesOfInstances(settings.access).length > 0)
    ? []
    : [
        problem(
          map,
          pathTo("keepInstanceRoles"),
          "false: no account of the map names a role of instances",
          "name the roles in access.attachToRoles or access.defaultHostManagementRole, or leave keepInstanceRoles out; this setting does not affect the role that access.instanceProfile creates",
          [["access"]],
        ),
      ];

function documentProblems(
  map: ParsedMap,
  { refuseUnrecordedSessions, allowedDocuments }: Guardrails,
): Conflict[] {
  const preferences = allowedDocuments.indexOf(PREFERENCES_DOCUMENT);
  return [
    ...(!refuseUnrecordedSessions && allowedDocuments.length > 0
      ? [
          problem(
            map,
            pathTo("allowedDocuments"),
            "nothing: every document is allowed while refuseUnrecordedSessions is false",
            "remove the documents, or refuse unrecorded sessions",
            [pathTo("refuseUnrecordedSessions")],
          ),
        ]
      : []),
    ...(preferences < 0
      ? []
      : [
          problem(
            map,
            pathTo("allowedDocuments", preferences),
            "another document than the preferences, which are always allowed",
            "remove it",
          ),
        ]),
  ];
}
