/** Synthesizes the map in accounts/index.ts. cdktf starts this file, and so does `session-audit plan --changed-since`. */
import { run, start } from "session-audit";

void start(run);
