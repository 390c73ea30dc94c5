import { z } from "zod";
import { accountSettings, regionSettings } from "./settings";
import { accountId, region } from "./names";
import { described } from "./values";

/** The warning for a person who chooses the name of an account. */
export const FOR_GOOD =
  "A name is for good: stack ids and state keys contain it, so renaming an account makes Terraform plan new resources.";

/** One account of a map: what it is, and its settings. */
export const account = described(
  z.strictObject({
    id: accountId("Id of the account, in quotes."),
    homeRegion: region(
      "Region of what the account has once: IAM and the trail. It must be one of the account's regions, if the account has any.",
    ),
    regions: described(
      z.union([
        z.array(region("A region in use.")),
        z.record(
          region("A region in use."),
          described(z.strictObject(regionSettings).partial(), {
            description: "Settings for this region only.",
            allowed: `an object with ${Object.keys(regionSettings).join(", ")}`,
            remedy: "write {} for a region without settings of its own",
          }),
        ),
      ]),
      {
        description:
          "Regions with servers: a list, or an object whose values are the settings for each region.",
        allowed: "a list of regions, or an object whose keys are regions",
        remedy: 'write regions: ["eu-central-1"]',
      },
    ),
    wave: described(z.string(), {
      description: "Wave of the rollout that the account belongs to. Without it, the last wave.",
      allowed: "the name of a wave listed in waves",
      remedy: "use a name from waves",
    }).optional(),
    ...z.strictObject(accountSettings).partial().shape,
  }),
  {
    description: "One AWS account.",
    allowed: `an object with id, homeRegion, regions, wave and settings (${Object.keys(accountSettings).join(", ")})`,
    remedy: "describe the account as an object",
  },
);
