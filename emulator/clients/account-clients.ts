import { arnParts } from "../../aws/arn";
import { Clients, type AwsCredentialIdentity } from "./clients";
import type { Identities } from "./identities";
import type { SettingsCache } from "./settings-cache";

/** The role with which the emulator reads and changes an account. Its calls go to moto and are never judged. */
export const ADMIN_ROLE = "EmulatorAdministrator";

/** AWS clients for every account and region. They call moto directly, past the gateway, as an administrator. */
export class AccountClients {
  private readonly admins = new Map<string, Promise<AwsCredentialIdentity>>();
  private readonly clients = new Map<string, Clients>();

  constructor(
    private readonly endpoint: string,
    private readonly identities: Identities,
    private readonly cache: SettingsCache,
  ) {}

  /** The administrator's clients of an account in a region. */
  async in(accountId: string, region: string): Promise<Clients> {
    const place = `${accountId}/${region}`;
    const known = this.clients.get(place);
    if (known !== undefined) return known;
    const made = await this.as(await this.admin(accountId), region);
    this.clients.set(place, made);
    return made;
  }

  /** The administrator's clients of the account and region in a resource's ARN. */
  of(arn: string): Promise<Clients> {
    const { accountId, region } = arnParts(arn);
    return this.in(accountId, region);
  }

  /** Clients that sign with the given credentials. */
  as(credentials: AwsCredentialIdentity, region: string): Clients {
    return new Clients({ endpoint: this.endpoint, region, credentials, maxAttempts: 2 }, this.cache);
  }

  private admin(accountId: string): Promise<AwsCredentialIdentity> {
    const known = this.admins.get(accountId) ?? this.identities.assumeRole(accountId, ADMIN_ROLE);
    this.admins.set(accountId, known);
    return known;
  }
}
