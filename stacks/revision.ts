import { createHash } from "node:crypto";

/**
 * A digest of a document's content, for its description. Systems Manager answers an update whose content it has seen
 * before with "duplicate", which the provider takes for success: a tampered document that is set back would stay
 * tampered.
 */
export const revisionOf = (content: object): string =>
  createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 12);
