import { arnParts } from "../../aws/arn";
import { Clients, type AwsCredentialIdentity } from "./clients";
import type { Identities } from "./identities";

/** The role whose credentials the emulator works with inside an account; nothing is authorised for it. */
export const ADMIN_ROLE = "EmulatorAdministrator";

/** An administrator's clients for every account and region, straight to moto past the gateway. */
export class AccountClients {
  private readonly admins = new Map<string, Promise<AwsCredentialIdentity>>();
  private readonly clients = new Map<string, Clients>();

  constructor(
    private readonly endpoint: string,
    private readonly identities: Identities,
  ) {}

  /** Clients of an account in a region. */
  async in(accountId: string, region: string): Promise<Clients> {
    const place = `${accountId}/${region}`;
    const known = this.clients.get(place);
    if (known !== undefined) return known;
    const made = await this.as(await this.admin(accountId), region);
    this.clients.set(place, made);
    return made;
  }

  /** Clients of the account and region of a resource, by its ARN. */
  of(arn: string): Promise<Clients> {
    const { accountId, region } = arnParts(arn);
    return this.in(accountId, region);
  }

  /** Clients that sign with the given keys. */
  as(credentials: AwsCredentialIdentity, region: string): Clients {
    return new Clients({ endpoint: this.endpoint, region, credentials, maxAttempts: 2 });
  }

  private admin(accountId: string): Promise<AwsCredentialIdentity> {
    const known = this.admins.get(accountId) ?? this.identities.assumeRole(accountId, ADMIN_ROLE);
    this.admins.set(accountId, known);
    return known;
  }
}
