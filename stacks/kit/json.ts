import { Token } from "cdktf";
import { digestOfText } from "./digest";

/**
 * A digest of a document's content, 12 hexadecimal digits, for the description of the document. It shows which content
 * Terraform wrote: if somebody changes the content and not the description, the two no longer match.
 *
 * The digest does not make a content unique that the document had before. `UpdateDocument` can refuse such a content
 * with `DuplicateDocumentContent`, which the AWS provider treats as success. Observed with moto, which compares with all
 * versions: the changed document then stays as it is. AWS does not document with which versions it compares.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UpdateDocument.html
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ssm/document.go
 */
export const revisionOf = (content: object): string => digestOfText(JSON.stringify(content), 12);

/**
 * Encodes a document as JSON for an argument of a Terraform resource. The same value gives the same bytes.
 *
 * A token in a string stands for a value that Terraform knows later, and is kept. A token in place of a number, a list
 * or an object is refused, because `JSON.stringify` would write an internal value of cdktf. `${...}` of IAM, such as
 * `${aws:PrincipalAccount}`, and `%{...}` of a shell are escaped, because Terraform would evaluate them.
 * @throws Error with the path of a value that cannot be encoded
 * @example toJson({ Resource: "arn:aws:s3:::b/${aws:PrincipalAccount}/*" }) // ...b/$${aws:PrincipalAccount}/*...
 * @see https://developer.hashicorp.com/terraform/language/syntax/json
 */
export function toJson(value: unknown): string {
  refuseTokens(value, () => "the document");
  return literal(JSON.stringify(value));
}

/**
 * Escapes a text so that Terraform evaluates nothing in it. Tokens of cdktf are kept.
 * @example literal("${aws:username}") // "$${aws:username}"
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings
 */
export const literal = (text: string): string =>
  text.replace(/\$\{(?!TfToken\[)/g, "$$$${").replaceAll("%{", "%%{");

/** Walks the value without building paths, which only the message of an error needs. */
function refuseTokens(value: unknown, path: () => string): void {
  switch (typeof value) {
    case "string":
      return;
    case "undefined":
      throw new Error(`${path()} is undefined; a document for Terraform is whole`);
    case "number":
      if (value < 0 && Token.isUnresolved(value)) throw refusal(path());
      return;
    case "object":
      break;
    default:
      return;
  }
  if (value === null) return;
  if (Array.isArray(value)) {
    if (value.length === 1 && Token.isUnresolved(value)) throw refusal(path());
    value.forEach((item, index) => refuseTokens(item, () => `${path()}.${index}`));
    return;
  }
  if ("resolve" in value) throw refusal(path());
  const object = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(object)) refuseTokens(object[key], () => `${path()}.${key}`);
}

const refusal = (path: string) => new Error(`${path} is a token; only a string may hold one in a document`);
