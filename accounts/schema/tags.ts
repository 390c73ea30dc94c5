import { z } from "zod";
import { TAGS_PER_RESOURCE } from "../../aws/quotas";
import { described } from "./values";

/** Tags that a map may set on each resource. The rest of AWS's quota is left for the program's own tags and for tags that services add. */
export const MOST_TAGS = TAGS_PER_RESOURCE - 5;

const tagKey = /^(?!aws:|session-audit$)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/iu;
const tagValue = /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u;

/** Tags of every resource, by their keys. */
export const tags = (description: string) =>
  described(
    z
      .record(z.string().regex(tagKey), z.string().regex(tagValue))
      .refine((value) => Object.keys(value).length <= MOST_TAGS),
    {
      description,
      allowed: `an object of tag keys (at most ${MOST_TAGS}; 1 to 128 characters, not beginning with aws:, not session-audit, which is set already) and string values (to 256 characters), both of letters, digits, spaces and _.:/=+@-`,
      remedy: "respell the tag, or remove some tags; put numbers and booleans in quotes",
    },
  );
