import { Token, Tokenization } from "cdktf";
import { createHash } from "node:crypto";

/**
 * A digest of a document's content, for its description. Systems Manager answers an update whose content it has seen
 * before with "duplicate", which the provider takes for success: a tampered document that is set back would stay
 * tampered.
 */
export const revisionOf = (content: object): string =>
  createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 12);

/**
 * Encodes a document for Terraform, the same bytes for the same value.
 *
 * A token within a string stands for a value that Terraform knows later, and is kept. A token in place of a
 * number, a list or an object would be written as garbage without a word, and is refused. `${...}` of IAM
 * (`${aws:PrincipalAccount}`) and `%{...}` of a shell are escaped, which Terraform would take for its own.
 * @throws Error naming the path of what can't be encoded
 */
export function toJson(value: unknown): string {
  refuseTokens(value, "the document");
  return literal(JSON.stringify(value));
}

/** A text that Terraform takes as it is: nothing in it is Terraform's own, but tokens of cdktf. */
export const literal = (text: string): string =>
  text.replace(/\$\{(?!TfToken\[)/g, "$$$${").replaceAll("%{", "%%{");

function refuseTokens(value: unknown, path: string): void {
  if (value === undefined) throw new Error(`${path} is undefined; a document for Terraform is whole`);
  if (typeof value === "string") return;
  const list =
    Array.isArray(value) && value.every((item) => typeof item === "string") ? (value as string[]) : null;
  const hidden =
    (typeof value === "number" &&
      Tokenization.reverseNumber(value) !== undefined &&
      Token.isUnresolved(value)) ||
    (list !== null && Tokenization.reverseList(list) !== undefined) ||
    (typeof value === "object" && value !== null && "resolve" in value);
  if (hidden) throw new Error(`${path} is a token; only a string may hold one in a document`);
  if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) refuseTokens(item, `${path}.${key}`);
  }
}
