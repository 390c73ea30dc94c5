import { z } from "zod";
import { accountSettings, otherRegionSettings, regionSettings } from "./settings";
import { accountId, region, shortName } from "./names";
import { ACCOUNT_NAME_LIMIT } from "../../aws/quotas";
import { described } from "./values";

/** The warning for a person who chooses the name of an account. */
export const FOR_GOOD =
  "Choose a name for good: stack ids and state keys contain it, so renaming an account makes Terraform plan new resources. If you rename an account anyway, set formerName, so that it keeps its stacks.";

/** The keys of an account whose values are settings by region. */
export const BY_REGION = ["regions", "otherRegions"] as const;

/** Whether a step of a path is a key of an account whose values are settings by region. */
export const isByRegion = (step: PropertyKey | undefined): boolean => BY_REGION.some((key) => key === step);

/** One account of a map: what it is, and its settings. */
export const account = described(
  z.strictObject({
    id: accountId("Id of the account, in quotes."),
    homeRegion: region(
      'Region of what the account has once: IAM and the trail. It must be one of the account\'s regions, if the account has any. With trail: "create", do not simply change it: CloudTrail changes a trail only in its own home region, and the bucket of the trail has the region in its name. docs/runbook.md says how to move the home region.',
    ),
    formerName: shortName(
      "Name that the account was deployed with, if you have renamed it since. Ids, state keys and names of its stacks stay what they were.",
      ACCOUNT_NAME_LIMIT,
    ).optional(),
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
    otherRegions: described(
      z.record(
        region("A region without servers."),
        described(z.strictObject(otherRegionSettings).partial(), {
          description: "Settings for what the account has in this region.",
          allowed: `an object with ${Object.keys(otherRegionSettings).join(", ")}`,
          remedy: "write the settings of the archive or the replica there, or leave the region out",
        }),
      ),
      {
        description: `Settings for regions in which the account has no servers, but an archive or replicas: ${Object.keys(otherRegionSettings).join(", ")}. An archive follows all of them, a replica all but transcripts. A created trail follows the settings of the account.`,
        allowed: "an object whose keys are regions that are not in regions",
        remedy:
          'write otherRegions: { "eu-west-1": { transcripts: { replication: { region: "eu-central-1" } } } }',
      },
    ).optional(),
    wave: described(z.string(), {
      description: "Wave of the rollout that the account belongs to. Without it, the last wave.",
      allowed: "the name of a wave listed in waves",
      remedy: "use a name from waves",
    }).optional(),
    ...z.strictObject(accountSettings).partial().shape,
  }),
  {
    description: "One AWS account.",
    allowed: `an object with id, homeRegion, regions, otherRegions, formerName, wave and settings (${Object.keys(accountSettings).join(", ")})`,
    remedy: 'write { id: "222222222222", homeRegion: "eu-central-1", regions: ["eu-central-1"] }',
    instead: { accountid: 'did you mean "id"?', account: 'did you mean "id"?' },
  },
);
