export { SessionSimulator } from "./agent";
export type { SessionRecord, SessionRequest } from "./session-run";
