import type { Json } from "../plan-json";
import { isObject, statementList } from "./statements";

const PARTS = ["Version", "Id", "Statement"];
const VERSIONS = ["2012-10-17", "2008-10-17"];

/**
 * Whether a value is an IAM policy of any kind, and not another document with statements, such as a data protection
 * policy of CloudWatch Logs. A policy may have statements that AWS would refuse.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function isPolicyDocument(value: Json): boolean {
  if (!isObject(value) || value["Statement"] === undefined) return false;
  if (!Object.keys(value).every((key) => PARTS.includes(key))) return false;
  const statements = statementList(value);
  if (statements.length === 0) return VERSIONS.includes(String(value["Version"]));
  return statements.every(isObject) && statements.some(isStatement);
}

const isStatement = (value: Json): boolean =>
  isObject(value) &&
  (value["Effect"] === "Allow" || value["Effect"] === "Deny") &&
  (value["Action"] !== undefined || value["NotAction"] !== undefined);
