import { z } from "zod";
import { accept } from "./accept";
import { account, FOR_GOOD } from "./account";
import { ACCOUNT_NAME_LIMIT } from "../../aws/quotas";
import { aboutText } from "./advice";
import { organizationId } from "./spellings";
import { deployment } from "./deployment";
import { guardrails } from "./guardrails";
import { accountSettings } from "./settings";
import { pipeline } from "./pipeline";
import { state } from "./state";
import { sync } from "./sync";
import { newRegion, shortName } from "./names";
import { organizationNotifications } from "./notifications";
import { described } from "./values";
import { waves } from "./waves";

const organization = described(
  z.strictObject({
    name: shortName(
      "Short name of the organization. It is part of resource names, so it is for good: another name makes Terraform plan new resources. Bucket names leave 14 characters for it in the regions with the longest names, 9 if transcripts are replicated, and 8 if a trail is created; without any bucket, names of roles leave 19 to 23.",
      30,
    ),
    id: described(z.string().regex(/^o-[a-z0-9]{10,32}$/), {
      description:
        "AWS Organizations id. With it, the policies of the archive admit the whole organization by its id. Without it, they list the accounts of the map one by one, and have room for a few hundred.",
      allowed: "an AWS Organizations id, like o-a1b2c3d4e5",
      remedy:
        "copy it from the Organizations console, or leave it out to admit only the accounts of this map",
      spell: organizationId,
      advise: aboutText((text) =>
        /^r-|^ou-/.test(text)
          ? "give the id of the organization, which begins with o-; this is the id of a root or a unit"
          : undefined,
      ),
    }).optional(),
  }),
  {
    description: "The organization that the map describes.",
    allowed: "an object with a name and optionally an id",
    remedy: 'write organization: { name: "acme" }',
  },
);

const ACCOUNT_NAME = `Name of an account. ${FOR_GOOD}`;
const ACCOUNTS = `The accounts, by a short name of your choice. ${FOR_GOOD}`;

const archiveAccount = described(z.string(), {
  description:
    "Name of the account that owns the central transcript buckets. The settings of this account apply to the buckets. The account may have no regions of its own.",
  allowed: "the name of an account in this map",
  remedy: "name the log archive account, or leave archive out",
});

/**
 * The shape of a map. It sets no defaults for settings: those are under the organization's settings, and the levels of
 * the map are merged over them.
 */
export const mapSchema = described(
  z.strictObject({
    organization,
    state,
    deployment,
    waves: waves.optional(),
    archive: described(z.strictObject({ account: archiveAccount }), {
      description:
        "The account that owns the central transcript buckets. Without it, each account has a bucket of its own in each region.",
      allowed: "an object { account: <name of an account in this map> }",
      remedy: "name the log archive account, or leave archive out",
    }).optional(),
    newRegions: described(z.array(newRegion("A region.")).max(20), {
      description:
        "Regions that AWS has and this program does not know yet. The map may name them like any other region.",
      allowed: "a list of at most 20 regions",
      remedy: 'list the codes of regions, like ["eu-west-9"]',
    }).optional(),
    guardrails: guardrails.optional(),
    pipeline: pipeline.optional(),
    accept: accept.optional(),
    sync: sync.optional(),
    accounts: described(z.record(shortName(ACCOUNT_NAME, ACCOUNT_NAME_LIMIT), account), {
      description: ACCOUNTS,
      allowed: "an object with a short name for each account",
      remedy:
        'write the accounts by their names: accounts: { sandbox: { id: "222222222222", homeRegion: "eu-central-1", regions: ["eu-central-1"] } }',
    }),
    ...z.strictObject(accountSettings).partial().shape,
    notifications: organizationNotifications.optional(),
  }),
  {
    description: "An organization whose Session Manager sessions are recorded.",
    allowed: "an object with organization, state, deployment, accounts and settings",
    remedy: "begin from the example map",
  },
);

/**
 * A map as an operator writes it: settings may be left out.
 *
 * @example
 * const map: AccountsMap = {
 *   organization: { name: "acme" },
 *   state: { backend: "local", directory: "state" },
 *   deployment: { mode: "assume-role", role: "session-audit-deploy" },
 *   trail: "existing",
 *   accounts: {
 *     payments: { id: "444444444444", homeRegion: "eu-central-1", regions: ["eu-central-1"] },
 *   },
 * };
 */
export type AccountsMap = z.input<typeof mapSchema>;
/** A map whose shape has been checked. */
export type ParsedMap = z.output<typeof mapSchema>;
