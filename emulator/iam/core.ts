import type { AccountClients } from "../clients/account-clients";
import type { Identities } from "../clients/identities";
import type { Authorizer } from "./authorizer";

/** What every room needs in order to read the emulated accounts, name a caller and judge a call. */
export interface Core {
  readonly accounts: AccountClients;
  readonly identities: Identities;
  readonly authorizer: Authorizer;
}
