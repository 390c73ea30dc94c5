import type { Json } from "../../../review/plan-json";

/** A policy of these statements. */
export const document = (...Statement: Json[]): Json => ({ Version: "2012-10-17", Statement });

export const WEB = "arn:aws:iam::111111111111:role/Web";
export const ADMIN = "arn:aws:iam::111111111111:role/Admin";
export const BUCKET = "arn:aws:s3:::transcripts";
export const OBJECTS = `${BUCKET}/*`;

type Parts = { readonly [part: string]: Json };

/** A statement that lets a role read objects, with other parts. */
export const allow = (parts: Parts = {}): Json => ({
  Sid: "Read",
  Effect: "Allow",
  ...named(parts, "Principal", { AWS: WEB }),
  ...named(parts, "Action", "s3:GetObject"),
  ...named(parts, "Resource", OBJECTS),
  ...parts,
});

/** The same statement, which denies. */
export const deny = (parts: Parts = {}): Json => allow({ Effect: "Deny", ...parts });

/** A part that is not there twice, as itself and as `Not*`. */
const named = (parts: Parts, part: string, value: Json): Parts =>
  parts[`Not${part}`] === undefined ? { [part]: value } : {};

/** A statement without principal, as policies of identities and accounts have them. */
export function withoutPrincipal(statement: Json): Json {
  const { Principal: _principal, ...rest } = statement as Parts;
  return rest;
}
