import { z } from "zod";
import { accountId, region, shortName } from "./names";
import { described } from "./values";

/** The id of a root or of an organizational unit. */
const unit = (description: string) =>
  described(z.string().regex(/^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/), {
    description,
    allowed: "the id of an organizational unit or of the root, like ou-ab12-cdef3456 or r-ab12",
    remedy: "copy the id from the Organizations console, not the unit's name",
  });

const tag = described(
  z.strictObject({
    key: described(z.string().min(1).max(128), {
      description: "Key of a tag of the account.",
      allowed: "1 to 128 characters",
      remedy: "copy the key of the tag",
    }),
    value: described(z.string().max(256), {
      description: "Value of that tag. Without it, every value counts.",
      allowed: "up to 256 characters",
      remedy: "copy the value of the tag, or leave value out",
    }).optional(),
  }),
  {
    description: "A tag that AWS Organizations has on the account.",
    allowed: "an object with key and optionally value",
    remedy: 'write tag: { key: "stage", value: "dev" }',
  },
);

const waveRule = described(
  z.strictObject({
    wave: shortName("The wave that the account gets.", 30),
    organizationalUnit: unit("The account is in this unit, or in a unit below it.").optional(),
    tag: tag.optional(),
  }),
  {
    description: "A wave, and which new accounts belong to it. A rule with a unit and a tag asks for both.",
    allowed: "an object with wave, and organizationalUnit or tag",
    remedy: 'write { wave: "canary", tag: { key: "stage", value: "dev" } }',
  },
);

/** How `session-audit accounts sync` describes the accounts of AWS Organizations. */
export const sync = described(
  z.strictObject({
    homeRegion: region("Home region of the accounts that sync adds."),
    regions: described(z.array(region("A region.")).min(1), {
      description: "Regions of the accounts that sync adds.",
      allowed: "a list of at least one region",
      remedy: 'write regions: ["eu-central-1"]',
    }),
    organizationalUnits: described(z.array(unit("A unit.")).min(1), {
      description:
        "The units whose accounts sync adds, with the units below them. Without it: every account of the organization.",
      allowed: "a list of ids of organizational units",
      remedy: "list the ids of the units, or leave organizationalUnits out",
    }).optional(),
    exclude: described(
      z.array(
        described(z.union([accountId("An account."), unit("A unit, with the units below it.")]), {
          description: "An account or a unit.",
          allowed: "a string of 12 digits, or the id of a unit like ou-ab12-cdef3456",
          remedy: "write the id in quotes",
        }),
      ),
      {
        description: "Accounts, and units with all their accounts, that sync does not add.",
        allowed: "a list of account ids and of ids of organizational units",
        remedy: 'write exclude: ["111111111111"]',
      },
    ).optional(),
    waves: described(z.array(waveRule), {
      description:
        "The wave of each account that sync adds: the first rule that fits decides. An account that no rule fits has no wave, and is deployed with the last one.",
      allowed: "a list of objects with wave, and organizationalUnit or tag",
      remedy: 'write waves: [{ wave: "canary", organizationalUnit: "ou-ab12-cdef3456" }]',
    }).optional(),
  }),
  {
    description:
      "How session-audit accounts sync describes the accounts of AWS Organizations in a generated map, which is merged under this one.",
    allowed: "an object with homeRegion and regions",
    remedy: 'write sync: { homeRegion: "eu-central-1", regions: ["eu-central-1"] }',
  },
);

export type SyncSettings = z.output<typeof sync>;
