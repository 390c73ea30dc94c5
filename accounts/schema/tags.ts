import { z } from "zod";
import { TAGS_PER_RESOURCE } from "../../aws/quotas";
import type { Advice } from "./advice";
import { described } from "./values";

/** Tags that a map may set on each resource. The rest of AWS's quota is left for the program's own tags and for tags that services add. */
export const MOST_TAGS = TAGS_PER_RESOURCE - 5;

/**
 * What every service accepts to which the stacks give tags: CodeBuild takes keys of up to 127 and values of up to 255 characters, and
 * CloudTrail and CloudFormation take no empty value.
 * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Tag.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Tag.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Tag.html
 */
const tagKey = /^(?!aws:|session-audit$)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,127}$/iu;
const tagValue = /^[\p{L}\p{Z}\p{N}_.:/=+@-]{1,255}$/u;

/** Advice for tags, the key of a tag, or its value. */
const aboutTags: Advice = (found) => {
  if (Array.isArray(found)) return 'write an object of keys and values: { team: "platform" }';
  if (typeof found === "boolean") return `write "${found}", in quotes`;
  if (found === null || found === "")
    return 'write "true", or another value: CloudTrail accepts no empty one';
  if (typeof found !== "string") return undefined;
  if (/^aws:/i.test(found))
    return "choose a key that does not begin with aws:, which AWS keeps for its own tags";
  const [stranger] = /[^\p{L}\p{Z}\p{N}_.:/=+@-]/u.exec(found) ?? [];
  if (stranger !== undefined) return `remove ${JSON.stringify(stranger)}, which AWS does not accept in tags`;
  return found.length > 127 ? `shorten it: it has ${found.length} characters` : undefined;
};

/** Tags of every resource, by their keys. */
export const tags = (description: string) =>
  described(
    z
      .record(z.string().regex(tagKey), z.string().regex(tagValue))
      .refine((value) => Object.keys(value).length <= MOST_TAGS),
    {
      description,
      allowed: `an object of tag keys (at most ${MOST_TAGS}; 1 to 127 characters, not beginning with aws:, not session-audit, which is set already) and string values (1 to 255 characters), both of letters, digits, spaces and _.:/=+@-`,
      remedy: "respell the tag, or remove some tags; put numbers and booleans in quotes",
      advise: aboutTags,
    },
  );
