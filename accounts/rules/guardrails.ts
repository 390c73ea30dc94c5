import { arnParts } from "../../aws/arn";
import type { Organization } from "../model/merged";
import type { Guardrails } from "../model/organization";
import { PREFERENCES_DOCUMENT } from "../../aws/session-manager";
import { problem } from "./conflict";
import type { Conflict, Path } from "../reading/problems";
import type { ParsedMap } from "../schema";

/** What guardrails, and the map around them, say wrong about each other. */
export function guardrailProblems(map: ParsedMap, { guardrails, accounts }: Organization): Conflict[] {
  if (guardrails === null || map.guardrails === undefined) return [];
  const first = accounts[0];
  return [
    ...(first ? partitionProblems(map, guardrails, first.partition) : []),
    ...managementProblems(map, guardrails),
    ...deploymentRoleProblems(map),
    ...repeatedIn(map),
    ...documentProblems(map, guardrails),
  ];
}

const at = (...rest: Path): Path => ["guardrails", ...rest];
const FIRST_HOME: Path = ["accounts", "*", "homeRegion"];

function partitionProblems(map: ParsedMap, { managementAccount }: Guardrails, partition: string): Conflict[] {
  if (managementAccount.partition !== partition)
    return [
      problem(
        map,
        at("managementAccount", "homeRegion"),
        `a region of partition ${partition}, as the first account's home region`,
        "an organization lies in one partition; name a region of it",
        [FIRST_HOME],
      ),
    ];
  return (["breakGlassRoles", "deploymentRoles"] as const).flatMap((list) =>
    (map.guardrails?.[list] ?? []).flatMap((role, index) =>
      arnParts(role).partition === partition
        ? []
        : problem(
            map,
            at(list, index),
            `a role of partition ${partition}: arn:${partition}:iam::…`,
            "the accounts of the map lie in another partition than this role; respell the ARN",
            [FIRST_HOME],
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
  const arn =
    deployment.mode === "assume-role" && deployment.role.startsWith("arn:") ? deployment.role : null;
  return [
    ...(attached < 0
      ? []
      : [
          problem(
            map,
            at("organizationalUnits", attached),
            "another id than the management account's, which no service control policy binds",
            "remove it",
            [at("managementAccount", "id")],
          ),
        ]),
    ...(deployment.mode === "ambient" && role !== null
      ? [
          problem(
            map,
            at("managementAccount", "role"),
            "nothing: with deployment mode ambient, Terraform takes no role",
            "remove it, or let deployment take roles",
            [["deployment"]],
          ),
        ]
      : []),
    ...(arn !== null && role === null && arnParts(arn).accountId !== id
      ? [
          problem(
            map,
            at("managementAccount", "role"),
            `the name of a role of account ${id}: deployment.role is the ARN of one of another account`,
            "name the role that Terraform takes in the management account",
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
      at("deploymentRoles"),
      "at least one role: the policies would bind whatever deploys what they protect",
      'list the roles that the pipeline works with, like "arn:aws:iam::*:role/session-audit-deploy"',
      [["deployment"]],
    ),
  ];
}

function repeatedIn(map: ParsedMap): Conflict[] {
  const lists = ["organizationalUnits", "breakGlassRoles", "deploymentRoles", "allowedDocuments"] as const;
  return lists.flatMap((name) => {
    const list: readonly string[] = map.guardrails?.[name] ?? [];
    return list.flatMap((element, index) =>
      list.indexOf(element) < index
        ? problem(map, at(name, index), "each element once", "remove the repetition")
        : [],
    );
  });
}

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
            at("allowedDocuments"),
            "nothing: every document is allowed while refuseUnrecordedSessions is false",
            "remove the documents, or refuse unrecorded sessions",
            [at("refuseUnrecordedSessions")],
          ),
        ]
      : []),
    ...(preferences < 0
      ? []
      : [
          problem(
            map,
            at("allowedDocuments", preferences),
            "another document than the preferences, which are always allowed",
            "remove it",
          ),
        ]),
  ];
}
